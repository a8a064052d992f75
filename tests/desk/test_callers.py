"""A clerk books for somebody who has neither account nor e-mail."""

from io import BytesIO

import pytest
from django.urls import reverse
from pypdf import PdfReader

from preau.accounts.enums import MembershipRole
from preau.booking.enums import BookingState
from preau.booking.models import Booking
from preau.notifications.models import Email
from tests.accounts.factories import MembershipFactory, UserFactory, sign_in
from tests.booking.factories import evening, people

pytestmark = pytest.mark.django_db


@pytest.fixture
def here():
    return people(name="Salle Olympe-de-Gouges")


@pytest.fixture
def manager(client, here):
    return sign_in(client, here.manager.user, here.manager.membership)


def url(here):
    return reverse("desk:book_for", args=[here.space.place_id])


def text(response):
    return response.content.decode()


def typed(here, **fields):
    period = evening(here.space)
    return {
        "space": here.space.pk,
        "day": period.start.astimezone(here.space.place.zone).date().isoformat(),
        "start": "18:00",
        "end": "20:00",
        "name": "Germaine Petit",
        "phone": "04 76 11 11 11",
        "address": "3 rue du Puits, 38250 Lans",
        "category": "particulier",
        "purpose": "Anniversaire <b>#$x$</b>",
        "attendance": 20,
    } | fields


def test_it_is_confirmed_at_once_and_printed(manager, here):
    page = manager.post(url(here), typed(here), follow=True)
    one = Booking.objects.get()
    assert one.state == BookingState.CONFIRMED
    assert (one.requester, one.caller_name) == (None, "Germaine Petit")
    assert one.caller_address == "3 rue du Puits, 38250 Lans"
    assert "Confirmation de réservation" in text(page)
    assert "Germaine Petit" in text(page)
    answer = manager.get(reverse("desk:confirmation_pdf", args=[one.reference]))
    words = "".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages)
    assert one.reference in words
    assert "Anniversaire <b>#$x$</b>" in words
    assert not Email.objects.filter(recipient="").exists()
    assert manager.get(reverse("booking:page", args=[one.reference])).status_code == 200
    assert manager.get(reverse("desk:requests"), {"etat": "toutes"}).status_code == 200


def test_what_is_taken_says_what_is_free_near_and_keeps_what_was_typed(manager, here):
    here.book()
    page = text(manager.post(url(here), typed(here)))
    assert "Germaine Petit" in page
    assert "Libre tout près" in page
    assert Booking.objects.count() == 1


def test_the_past_and_too_many_people_are_refused(manager, here):
    page = text(manager.post(url(here), typed(here, day="2026-01-01")))
    assert "est passé" in page
    assert "au plus" in text(manager.post(url(here), typed(here, attendance=100_000)))


def test_the_planning_fills_in_where_and_when(manager, here):
    page = text(manager.get(url(here), {"space": here.space.pk, "day": "2027-01-04"}))
    assert 'value="2027-01-04"' in page
    assert f'value="{here.space.pk}" selected' in page


@pytest.mark.parametrize("role", [MembershipRole.CARETAKER, MembershipRole.APPROVER, None])
def test_who_may_not(client, here, role):
    membership = role and MembershipFactory(organization=here.space.place.owner, role=role)
    sign_in(client, membership.user if membership else UserFactory(), membership)
    assert client.post(url(here), typed(here)).status_code == 403
    assert not Booking.objects.exists()
