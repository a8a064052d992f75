"""From a request to a signed agreement: three parties, a school, a price; and what may go wrong."""

from datetime import timedelta

import pytest

from preau.accounts.actors import Actor
from preau.accounts.enums import MembershipRole
from preau.agreements.actions import signing
from preau.agreements.actions.drawing import cancel_agreement, render_agreement
from preau.agreements.enums import AgreementState, LegalCase
from preau.agreements.loading import load_national_models
from preau.booking import agreement, checklist
from preau.booking.actions import dates, requests
from preau.booking.enums import Approver, BookingState, Side
from preau.booking.models import (
    ApprovalStep,
    BookingRules,
    RequiredDocument,
    RulesAssignment,
)
from preau.booking.tasks import expire_requests, follow_agreement
from preau.core import clock
from preau.documents.enums import DocumentKind
from preau.places.enums import PlaceKind, PlaceRoleKind, UserCategory
from tests.accounts.factories import MembershipFactory, OrganizationFactory
from tests.agreements.factories import head_of, mayor_of, national, opinion_of
from tests.booking.factories import bookable_space, booking, details, evening
from tests.documents.factories import insurance
from tests.places.factories import PlaceRoleFactory
from tests.signatures.factories import HERE, consented, signatory, work

pytestmark = pytest.mark.django_db


@pytest.fixture
def college():
    """A collège lent under a three-party agreement, with insurance."""
    load_national_models()
    space = bookable_space(place__kind=PlaceKind.ETABLISSEMENT_SCOLAIRE)
    rules = BookingRules.objects.create(
        organization=space.place.owner, name="Collèges", agreement_model=national(LegalCase.COLLEGE)
    )
    RulesAssignment.objects.create(rules=rules, place=space.place)
    for position, who in enumerate([Approver.HEAD_OF_SCHOOL, Approver.OWNER], start=1):
        ApprovalStep.objects.create(
            rules=rules, position=position, approver=who, label=who.label, hours=72
        )
    RequiredDocument.objects.create(
        rules=rules, kind=DocumentKind.INSURANCE, categories=[UserCategory.ASSOCIATION]
    )
    mayor_of(space.place.owner)
    head_of(space.place)
    opinion_of(space.place)
    space.head = PlaceRoleFactory(place=space.place, role=PlaceRoleKind.HEAD_OF_SCHOOL).user
    manager = MembershipFactory(organization=space.place.owner, role=MembershipRole.MANAGER)
    space.manager = Actor(manager.user, manager)
    association = OrganizationFactory(kind="association", verified=True)
    member = MembershipFactory(organization=association, role=MembershipRole.ADMINISTRATOR)
    space.president = Actor(member.user, member)
    return space


def ask(space, **typed):
    typed = {"capacity": "présidente", "engages": True} | typed
    return booking(space, actor=space.president, days=30, typed=details(**typed))


def accepted(space, **typed):
    one = ask(space, **typed)
    one = requests.accept(one, actor=Actor(space.head))
    return requests.accept(one, actor=space.manager)


def signing_round(one):
    """Rendered by the worker: the first signatory has their link."""
    one.refresh_from_db()
    render_agreement(one.agreement_id)
    return one.agreement.rounds.get()


def sign_all(round_):
    for position in range(1, round_.signatories.count() + 1):
        consented(signatory(round_, position))
        work(round_)


def follow(one):
    """What the worker does at the news of the agreement."""
    one.refresh_from_db()
    follow_agreement(one.agreement_id)
    one.refresh_from_db()


@pytest.mark.django_db(transaction=True)
def test_a_request_becomes_a_signed_agreement(college):
    insurance(owner_organization=college.president.organization)
    one = accepted(college)
    assert one.state == BookingState.TO_COMPLETE
    assert [item.label for item in checklist.missing(one)] == ["Signature de la convention"]
    round_ = signing_round(one)
    assert round_.signatories.count() == 3
    [item] = checklist.missing(one)
    assert item.who == checklist.Who.OCCUPANT
    sign_all(round_)
    follow(one)
    assert one.agreement.state == AgreementState.SIGNED
    assert one.state == BookingState.CONFIRMED
    assert not checklist.missing(one)


def test_the_agreement_waits_for_what_its_gates_ask(college):
    one = accepted(college)
    assert one.agreement is None
    codes = [item.code for item in checklist.missing(one)]
    assert codes == ["document:assurance", "agreement"]


def test_an_association_that_does_not_commit_is_told_what_is_missing(college):
    insurance(owner_organization=college.president.organization)
    one = accepted(college, engages=False)
    assert one.agreement is None
    [item] = checklist.missing(one)
    assert (item.code, item.who) == ("agreement:republican_commitment", checklist.Who.OCCUPANT)


def test_a_signatory_who_refuses_ends_the_booking_and_frees_its_slot(college):
    insurance(owner_organization=college.president.organization)
    one = accepted(college)
    round_ = signing_round(one)
    signing.refuse(
        signatory(round_, 1), reason="Nous renonçons.", actor=college.president, trace=HERE
    )
    follow(one)
    assert (one.state, one.ended_by_side) == (BookingState.CANCELLED, Side.OCCUPANT)
    assert one.reason == "Nous renonçons."
    assert one.occupancy.released_at is not None


def test_cancelling_withdraws_the_agreement(college):
    insurance(owner_organization=college.president.organization)
    one = accepted(college)
    signing_round(one)
    requests.cancel(one, "Travaux.", side=Side.MANAGER, actor=college.manager)
    one.agreement.refresh_from_db()
    assert one.agreement.state == AgreementState.CANCELLED


def test_moving_before_signature_draws_the_agreement_up_again(college):
    insurance(owner_organization=college.president.organization)
    one = accepted(college)
    first = one.agreement
    requests.reschedule(one, evening(college, days=31), "Salle prise.", actor=college.manager)
    one.refresh_from_db()
    first.refresh_from_db()
    assert first.state == AgreementState.CANCELLED
    assert one.agreement != first
    assert one.agreement.starts_on == first.starts_on + timedelta(days=1)


@pytest.mark.django_db(transaction=True)
def test_moving_after_signature_asks_for_an_amendment(college):
    insurance(owner_organization=college.president.organization)
    one = accepted(college)
    sign_all(signing_round(one))
    follow(one)
    date = one.dates.get()
    dates.move_date(date, evening(college, days=32), "Salle prise.", actor=college.manager)
    one.refresh_from_db()
    amendment = agreement.pending_amendment(one)
    assert amendment.amends == one.agreement
    assert one.state == BookingState.CONFIRMED
    assert "Signature de l’avenant" in [item.label for item in checklist.items(one)]


def test_an_unsigned_agreement_expires_with_its_booking(college):
    insurance(owner_organization=college.president.organization, days=400)
    one = accepted(college)
    signing_round(one)
    with clock.frozen(one.complete_by + timedelta(minutes=1)):
        expire_requests(0)
    one.refresh_from_db()
    one.agreement.refresh_from_db()
    assert one.state == BookingState.EXPIRED
    assert one.agreement.state in {AgreementState.CANCELLED, AgreementState.EXPIRED}


def test_cancelling_the_agreement_cancels_what_it_carries(college):
    insurance(owner_organization=college.president.organization)
    one = accepted(college)
    signing_round(one)
    cancel_agreement(one.agreement, "Le gymnase ferme.", actor=college.manager)
    follow(one)
    assert (one.state, one.reason) == (BookingState.CANCELLED, "Le gymnase ferme.")
    assert one.occupancy.released_at is not None
