"""Pages that ask for a state of their own: waiting in line, handing in late, asking for a change."""

from urllib.parse import urlencode

import pytest
from django.urls import reverse

from preau.booking.models import BookingRules, RequiredDocument, RulesAssignment
from preau.documents.enums import DocumentKind
from preau.places.enums import ApprovalMode, UserCategory
from tests.booking.factories import bookable_space, booking, evening, people

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def booked():
    return people().book(confirmed=True)


@pytest.fixture
def occupant(open_visitor, booked):
    visitor = open_visitor()
    visitor.sign_in(booked.requester)
    return visitor


def test_standing_in_line(open_visitor, booked):
    period = evening(booked.space)
    asked = {"debut": period.start.isoformat(), "fin": period.end.isoformat(), "postes": "1"}
    other = open_visitor()
    other.sign_in(people().occupant.user)
    other.go(f"{reverse('booking:wait', args=[booked.space.pk])}?{urlencode(asked)}")
    assert other.page.get_by_text("Être prévenu si ce créneau").first.is_visible()
    other.assert_accessible()


def test_asking_for_a_change(occupant, booked):
    occupant.go(reverse("booking:change_ask", args=[booked.reference]))
    assert occupant.page.get_by_text("Nouveau créneau").first.is_visible()
    occupant.assert_accessible()


def test_handing_in_what_is_due(open_visitor):
    space = bookable_space(approval=ApprovalMode.IMMEDIATE)
    rules = BookingRules.objects.create(organization=space.place.owner, name="Salles")
    RulesAssignment.objects.create(rules=rules, space=space)
    RequiredDocument.objects.create(
        rules=rules, kind=DocumentKind.INSURANCE, categories=list(UserCategory.values)
    )
    one = booking(space)
    visitor = open_visitor()
    visitor.sign_in(one.requester)
    provide = reverse("booking:piece_provide", args=[one.reference])
    visitor.go(f"{provide}?nature={DocumentKind.INSURANCE}")
    assert visitor.page.get_by_label("Fichier").first.is_visible()
    visitor.assert_accessible()
