"""The clerk books for somebody without account or e-mail."""

import pytest

from preau.accounts.actors import Actor
from preau.accounts.enums import MembershipRole
from preau.availability.actions.occupancies import SlotTaken
from preau.booking.actions.callers import Caller, book_for_caller
from preau.booking.enums import Approver, BookingState
from preau.booking.models import ApprovalStep, BookingRules, RulesAssignment
from preau.notifications.models import Email
from tests.booking.factories import booking, details, evening, people

pytestmark = pytest.mark.django_db


def caller(**fields):
    return Caller(
        **{"name": "Odette Blanc", "phone": "0476000000", "category": "particulier"} | fields
    )


def test_what_the_clerk_may_answer_is_answered():
    them = people()
    one = book_for_caller(them.space, evening(them.space), details(), caller(), actor=them.manager)
    assert one.state == BookingState.CONFIRMED
    assert (one.requester, one.holder_name) == (None, "Odette Blanc")
    assert not Email.objects.exists()  # nobody to write to, and the clerk knows


def test_with_an_address_the_caller_is_written_to():
    them = people()
    book_for_caller(
        them.space,
        evening(them.space),
        details(),
        caller(email="odette@exemple.fr"),
        actor=them.manager,
    )
    assert Email.objects.filter(recipient="odette@exemple.fr").count() == 1


def test_a_taken_slot_is_taken_for_callers_too():
    them = people()
    booking(them.space)
    with pytest.raises(SlotTaken):
        book_for_caller(them.space, evening(them.space), details(), caller(), actor=them.manager)


def test_the_rest_of_the_chain_takes_its_course():
    them = people()
    rules = BookingRules.objects.create(organization=them.space.place.owner, name="Collège")
    RulesAssignment.objects.create(rules=rules, space=them.space)
    for position, who in enumerate([Approver.OWNER, Approver.HEAD_OF_SCHOOL], start=1):
        ApprovalStep.objects.create(
            rules=rules, position=position, approver=who, label=who.label, hours=48
        )
    membership = them.manager.membership
    assert membership.role == MembershipRole.MANAGER
    one = book_for_caller(
        them.space,
        evening(them.space),
        details(),
        caller(),
        actor=Actor(membership.user, membership),
    )
    assert one.state == BookingState.REQUESTED
    assert [step.state for step in one.approvals.all()] == ["donne", "en_attente"]
