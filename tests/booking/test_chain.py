"""Accords in order, each by whoever it belongs to or stands in for them; what is missing after."""

from datetime import timedelta

import pytest

from preau.accounts.actors import Actor
from preau.accounts.enums import MembershipRole
from preau.accounts.perms import allowed
from preau.booking import checklist, tasks
from preau.booking.actions import progress, requests
from preau.booking.actions import rules as rules_actions
from preau.booking.approvers import to_tell
from preau.booking.enums import ApprovalState, Approver, BookingState, Change
from preau.booking.models import (
    ApprovalStep,
    BookingRules,
    Delegation,
    RequiredDocument,
    RulesAssignment,
)
from preau.core import audit, clock
from preau.core.errors import Refusal
from preau.documents.actions import deposit
from preau.documents.enums import DocumentKind
from preau.places.enums import ApprovalMode, PlaceRoleKind, UserCategory
from tests.accounts.factories import MembershipFactory, UserFactory
from tests.booking.factories import bookable_space, booking, details, held
from tests.places.factories import PlaceRoleFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def school():
    """A class room whose requests need the head of the school, then the département."""
    space = bookable_space()
    rules = BookingRules.objects.create(organization=space.place.owner, name="Collèges")
    RulesAssignment.objects.create(rules=rules, place=space.place)
    for position, approver in enumerate([Approver.HEAD_OF_SCHOOL, Approver.OWNER], start=1):
        ApprovalStep.objects.create(
            rules=rules, position=position, approver=approver, label=approver.label, hours=48
        )
    space.rules, space.head = (
        rules,
        PlaceRoleFactory(place=space.place, role=PlaceRoleKind.HEAD_OF_SCHOOL).user,
    )
    membership = MembershipFactory(organization=space.place.owner, role=MembershipRole.MANAGER)
    space.manager = Actor(membership.user, membership)
    return space


def states(one):
    return list(one.approvals.values_list("state", flat=True))


def test_the_second_accord_waits_for_the_first(school):
    one = booking(school)
    assert states(one) == [ApprovalState.WAITING, ApprovalState.LATER]
    with pytest.raises(Refusal) as refusal:
        requests.accept(one, actor=school.manager)
    assert refusal.value.code == "not_your_turn"
    one = requests.accept(one, actor=Actor(school.head))
    assert one.state == BookingState.REQUESTED
    assert states(one) == [ApprovalState.GIVEN, ApprovalState.WAITING]
    one = requests.accept(one, actor=school.manager)
    assert one.state == BookingState.CONFIRMED
    changes = [event.verb for event in audit.history(one)]
    assert changes.count(f"booking.{Change.PASSED_ON.name.lower()}") == 1


def test_pressing_twice_gives_one_accord(school):
    PlaceRoleFactory(place=school.place, user=school.head, role=PlaceRoleKind.OWNER)
    one = booking(school)
    requests.accept(one, actor=Actor(school.head), step=1)
    again = requests.accept(one, actor=Actor(school.head), step=1)
    assert again.state == BookingState.REQUESTED
    assert states(again) == [ApprovalState.GIVEN, ApprovalState.WAITING]


def test_either_may_refuse_in_turn_and_it_ends_there(school):
    one = booking(school)
    with pytest.raises(Refusal):
        requests.refuse(one, "Travaux.", actor=school.manager)
    one = requests.refuse(one, "Travaux.", actor=Actor(school.head))
    assert one.state == BookingState.REFUSED
    assert states(one) == [ApprovalState.REFUSED, ApprovalState.LATER]


def test_each_step_has_its_own_deadline(school):
    one = booking(school, days=30)
    now = clock.now()
    with clock.frozen(now + timedelta(hours=47)):
        one = requests.accept(one, actor=Actor(school.head))
        assert one.answer_by > clock.now() + timedelta(hours=47)
    with clock.frozen(now + timedelta(hours=47 + 49)):
        tasks.expire_requests(0)
    one.refresh_from_db()
    assert one.state == BookingState.EXPIRED


def test_a_stand_in_decides_while_the_delegation_lasts(school):
    deputy, today = UserFactory(), clock.today(school.place.zone)
    one = booking(school)
    with pytest.raises(Refusal):
        requests.accept(one, actor=Actor(deputy))
    delegation = Delegation.objects.create(
        giver=school.head, receiver=deputy, place=school.place, since=today, until=today
    )
    assert deputy in to_tell(Approver.HEAD_OF_SCHOOL, school.place)
    with clock.frozen(clock.now() + timedelta(days=1)), pytest.raises(Refusal):
        requests.accept(one, actor=Actor(deputy))
    one = requests.accept(one, actor=Actor(UserFactory._meta.model.objects.get(pk=deputy.pk)))
    first = one.approvals.get(position=1)
    assert (first.decided_by, first.on_behalf_of) == (deputy, delegation.giver)


def test_a_delegation_ends_with_the_rights_of_who_gave_it(school):
    today, deputy = clock.today(school.place.zone), UserFactory()
    rules_actions.delegate(school.place, deputy, today, today, actor=school.manager)
    User = type(deputy)
    assert allowed(Actor(User.objects.get(pk=deputy.pk)), "booking.decide", school.place)
    with pytest.raises(Refusal):  # what was lent is not lent again
        rules_actions.delegate(school.place, UserFactory(), today, today, actor=Actor(deputy))
    school.manager.membership.ended_at = clock.now()
    school.manager.membership.save()
    assert not allowed(Actor(User.objects.get(pk=deputy.pk)), "booking.decide", school.place)


def test_a_change_asks_every_accord_again(school):
    one = booking(school)
    one = requests.accept(one, actor=Actor(school.head))
    one = requests.ask_change(one, "Finir plus tôt.", actor=school.manager)
    one = requests.amend(one, details(attendance=3), actor=Actor(one.requester))
    assert states(one) == [ApprovalState.WAITING, ApprovalState.LATER]


@pytest.fixture
def insured():
    """A room confirmed at once, if an insurance certificate is there."""
    space = bookable_space(approval=ApprovalMode.IMMEDIATE)
    rules = BookingRules.objects.create(organization=space.place.owner, name="Salles")
    RulesAssignment.objects.create(rules=rules, space=space)
    RequiredDocument.objects.create(
        rules=rules, kind=DocumentKind.INSURANCE, categories=list(UserCategory.values)
    )
    space.rules = rules
    return space


def certificate(user, *, days):
    return deposit(
        actor=Actor(user),
        kind=DocumentKind.INSURANCE,
        title="Attestation",
        content=b"%PDF-1.4 test",
        media_type="application/pdf",
        owner_user=user,
        expires_on=clock.today(clock.now().tzinfo) + timedelta(days=days),
        facts={"risks": ["responsabilite_civile"]},
    )


def test_a_missing_document_keeps_the_booking_incomplete_until_it_comes(insured):
    user = UserFactory()
    one = booking(insured, actor=Actor(user))
    assert one.state == BookingState.TO_COMPLETE
    [item] = checklist.missing(one)
    assert (item.code, item.who) == ("document:assurance", checklist.Who.OCCUPANT)
    progress.provide(one, certificate(user, days=60), actor=Actor(user))
    one.refresh_from_db()
    assert one.state == BookingState.CONFIRMED


def test_a_document_in_force_is_reused(insured):
    user = UserFactory()
    certificate(user, days=60)
    assert booking(insured, actor=Actor(user)).state == BookingState.CONFIRMED


def test_a_document_that_ends_before_the_date_does_not_do(insured):
    user = UserFactory()
    certificate(user, days=5)
    assert booking(insured, actor=Actor(user), days=10).state == BookingState.TO_COMPLETE


def test_a_document_due_at_once_is_due_at_once(insured):
    insured.rules.documents.update(with_request=True)
    user = UserFactory()
    one = held(insured, actor=Actor(user))
    with pytest.raises(Refusal) as refusal:
        requests.submit(one, details(), actor=Actor(user))
    assert refusal.value.code == "document_missing"


def test_an_incomplete_booking_expires_and_frees_its_slot(insured):
    one = booking(insured, days=60)
    with clock.frozen(clock.now() + timedelta(days=15)):
        tasks.expire_requests(0)
    one.refresh_from_db()
    assert one.state == BookingState.EXPIRED
    assert one.occupancy.released_at is not None


def test_a_document_sent_back_is_missing_again(insured):
    user = UserFactory()
    one = booking(insured, actor=Actor(user))
    progress.provide(one, certificate(user, days=60), actor=Actor(user))
    membership = MembershipFactory(organization=insured.place.owner, role=MembershipRole.MANAGER)
    piece = one.pieces.get()
    progress.reject(piece, "Illisible.", actor=Actor(membership.user, membership))
    one.refresh_from_db()
    assert one.state == BookingState.CONFIRMED  # what was confirmed stays so; the list says it
    assert [item.text for item in checklist.missing(one)] == ["À remplacer : Illisible."]


def test_an_economic_use_is_sent_to_the_competitive_route(insured):
    user = UserFactory()
    one = held(insured, actor=Actor(user))
    with pytest.raises(Refusal) as refusal:
        requests.submit(one, details(is_economic=True), actor=Actor(user))
    assert refusal.value.field == "is_economic"
