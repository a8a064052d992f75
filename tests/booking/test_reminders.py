"""Whoever is due to act is reminded in time, and not twice."""

from datetime import timedelta

import pytest

from preau.booking import tasks
from preau.booking.actions import requests
from preau.booking.enums import Approver, BookingState
from preau.booking.models import (
    ApprovalStep,
    BookingRules,
    RequiredDocument,
    RulesAssignment,
)
from preau.core import clock
from preau.documents.enums import DocumentKind
from preau.notifications.models import Email
from preau.places.enums import UserCategory
from tests.booking.factories import people

pytestmark = pytest.mark.django_db


@pytest.fixture
def them():
    them = people()
    rules = BookingRules.objects.create(organization=them.space.place.owner, name="Salles")
    ApprovalStep.objects.create(
        rules=rules, position=1, approver=Approver.ANY, label="Accord", hours=96
    )
    RequiredDocument.objects.create(
        rules=rules, kind=DocumentKind.INSURANCE, categories=list(UserCategory.values)
    )
    RulesAssignment.objects.create(rules=rules, place=them.space.place)
    them.rules = rules
    return them


def reminders(to):
    return Email.objects.filter(subject__startswith="Rappel", recipient=to.user.email).count()


def seen_at(start, to, hours):
    """How many reminders they have had after a run at each of these hours."""
    found = []
    for hour in hours:
        with clock.frozen(start + timedelta(hours=hour)):
            tasks.remind(0)
            tasks.remind(0)
        found.append(reminders(to))
    return found


def test_the_approver_at_half_the_delay_and_on_the_last_day(them):
    one = them.book()
    assert seen_at(one.requested_at, them.manager, [47, 49, 60, 71, 73, 90]) == [0, 1, 1, 1, 2, 2]


def test_answered_nobody_is_reminded(them):
    one = them.book()
    requests.accept(one, actor=them.manager)
    assert seen_at(one.requested_at, them.manager, [49, 73]) == [0, 0]


def test_the_occupant_three_days_then_one_before_the_deadline(them):
    one = requests.accept(them.book(days=40), actor=them.manager)
    assert one.state == BookingState.TO_COMPLETE
    # At nine, three days then one before the day at whose end it is due: 87 h and 39 h before.
    hours = [-89, -85, -50, -41, -37, -2]
    assert seen_at(one.complete_by, them.occupant, hours) == [0, 1, 1, 1, 2, 2]


def test_an_owner_may_want_none(them):
    them.rules.reminds = False
    them.rules.save()
    one = them.book()
    assert seen_at(one.requested_at, them.manager, [49, 73]) == [0, 0]
