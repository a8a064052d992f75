"""How many statements each verb may send, whatever the number of dates or of people in line."""

from datetime import timedelta

import pytest

from preau.accounts.actors import Actor
from preau.accounts.enums import MembershipRole
from preau.booking.actions.holds import hold
from preau.booking.actions.requests import accept, cancel, submit
from preau.booking.actions.series import hold_series
from preau.booking.enums import Frequency, Side
from preau.booking.patterns import Pattern
from preau.core.timeranges import Period
from preau.places.enums import ApprovalMode
from preau.places.models import Space
from tests.accounts.factories import MembershipFactory, UserFactory
from tests.booking.factories import bookable_space, details, evening

pytestmark = pytest.mark.django_db


@pytest.fixture
def space():
    """As a page reads it; two people run it, and it confirms at once."""
    made = bookable_space(approval=ApprovalMode.IMMEDIATE)
    for _ in range(2):
        MembershipFactory(organization=made.place.owner, role=MembershipRole.MANAGER)
    return Space.objects.select_related("place__commune", "place__owner").get(pk=made.pk)


@pytest.fixture
def occupant():
    return Actor(UserFactory())


def keep(space, actor, days=10):
    return hold(space, evening(space, days=days), actor=actor, visitor_key=f"user:{actor.user_id}")


def keep_weeks(space, actor, weeks):
    first = evening(space)
    week = timedelta(weeks=1)
    slots = [(space, Period(first.start + n * week, first.end + n * week)) for n in range(weeks)]
    day = first.start.astimezone(space.place.zone).date()
    pattern = Pattern(Frequency.WEEKLY, day, day + (weeks - 1) * week, 18 * 60, 120)
    key = f"user:{actor.user_id}"
    return hold_series(space, slots, pattern, actor=actor, visitor_key=key)


def test_a_hold(space, occupant, django_assert_max_num_queries):
    keep(space, Actor(UserFactory()), days=12)
    with django_assert_max_num_queries(16):
        keep(space, occupant)


def test_a_request_confirmed_at_once(space, occupant, django_assert_max_num_queries):
    held = keep(space, occupant)
    with django_assert_max_num_queries(34):
        submit(held, details(), actor=occupant)


def test_a_request_to_answer_and_its_answer(space, occupant, django_assert_max_num_queries):
    space.approval = ApprovalMode.MANAGER
    space.save()
    held = keep(space, occupant)
    with django_assert_max_num_queries(32):
        asked = submit(held, details(), actor=occupant)
    member = space.place.owner.memberships.first()
    manager = Actor(user=member.user, membership=member)
    with django_assert_max_num_queries(32):
        accept(asked, actor=manager)


def test_a_cancellation(space, occupant, django_assert_max_num_queries):
    booked = submit(keep(space, occupant), details(), actor=occupant)
    with django_assert_max_num_queries(37):  # one for what is given back
        cancel(booked, "", side=Side.OCCUPANT, actor=occupant)


@pytest.mark.parametrize("weeks", [2, 36])
def test_a_series_whatever_its_length(space, occupant, weeks, django_assert_max_num_queries):
    with django_assert_max_num_queries(26):
        held = keep_weeks(space, occupant, weeks)
    with django_assert_max_num_queries(36):
        booked = submit(held, details(), actor=occupant)
    with django_assert_max_num_queries(40):
        cancel(booked, "", side=Side.OCCUPANT, actor=occupant)


def test_the_other_parts_of_a_hall_cost_nothing_more(db, occupant, django_assert_max_num_queries):
    from tests.availability.factories import open_space
    from tests.places.factories import PlaceFactory, hall_in_thirds

    hall = hall_in_thirds(PlaceFactory(), approval=ApprovalMode.IMMEDIATE)
    open_space(hall)
    whole = Space.objects.select_related("place").get(pk=hall.pk)
    with django_assert_max_num_queries(16):
        keep(whole, occupant)
