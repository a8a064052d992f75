"""Verdicts on a whole rhythm at once, against `check` one date at a time."""

import random
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from preau.accounts.actors import SYSTEM
from preau.availability.actions.occupancies import SlotTaken, Use, occupy
from preau.availability.enums import OccupancyKind
from preau.availability.facts import holidays_near
from preau.availability.index import index_space
from preau.availability.opening import RuleData
from preau.availability.queries.search import Filters, Where
from preau.availability.queries.series import Look, best, days_of, neighbourhoods
from preau.availability.queries.space import check
from preau.booking.enums import Frequency
from preau.booking.patterns import Pattern
from preau.booking.series_queries import names_of, plan_series
from preau.core import clock
from preau.core.errors import Refusal
from preau.core.timeranges import Period, local_instant
from preau.places.models import Space
from preau.territories.models import SchoolHoliday
from tests.availability.factories import EVERY_DAY, open_space
from tests.places.factories import PlaceFactory, SpaceFactory, hall_in_thirds, pool

pytestmark = pytest.mark.django_db
USE = Use(OccupancyKind.OWN_USE, "essai")
HOURS = [
    RuleData(weekdays=EVERY_DAY, start_minute=8 * 60, end_minute=23 * 60),
    RuleData(weekdays=(4, 5), start_minute=0, end_minute=1440),
]


def first_day(space, weekday=1):
    today = clock.today(space.place.zone)
    return today + timedelta(days=7 + (weekday - today.weekday()) % 7)


def weekly(space, weeks=10, start=18 * 60, minutes=120, frequency=Frequency.WEEKLY, **skips):
    day = first_day(space)
    until = day + timedelta(weeks=weeks - 1)
    skips.setdefault("skips_public_holidays", False)
    return Pattern(frequency, day, until, start, minutes, **skips)


def take(space, day, start=18, end=20, quantity=1):
    zone = space.place.zone
    period = Period(local_instant(day, start * 60, zone), local_instant(day, end * 60, zone))
    return occupy(space, period, USE, actor=SYSTEM, quantity=quantity)


def world(rng):
    """A hall in thirds with buffers, a pool, an ordinary room; hours, and people about."""
    place = PlaceFactory()
    hall = hall_in_thirds(place, buffer_before=15, buffer_after=30)
    desks = pool(place, 4)
    room = SpaceFactory(place=place, step_minutes=30, max_minutes=3 * 1440)
    for one in (hall, desks, room):
        open_space(one, HOURS)
    spaces = list(Space.objects.filter(place=place).select_related("place__commune"))
    for _ in range(60):
        space = rng.choice(spaces)
        day = first_day(space) + timedelta(
            days=rng.choice([0, 0, 0, 1, -1]) + 7 * rng.randrange(12)
        )
        start = rng.randrange(15, 22)
        try:
            take(space, day, start, start + rng.randint(1, 5), 2 if space.is_pool else 1)
        except SlotTaken:
            continue
    return spaces


@pytest.mark.parametrize("seed", range(6))
def test_the_plan_says_what_check_says_of_each_date(seed):
    rng = random.Random(seed)
    spaces = world(rng)
    compared = 0
    for _ in range(12):
        space = rng.choice(spaces)
        pattern = weekly(
            space,
            weeks=rng.randint(1, 30),
            start=rng.choice([6 * 60, 17 * 60, 18 * 60, 18 * 60 + 15, 22 * 60]),
            minutes=rng.choice([60, 120, 180, 480, 2 * 1440]),
            frequency=rng.choice(list(Frequency)),
        )
        quantity = rng.choice([1, 3]) if space.is_pool else 1
        plan = plan_series(space, pattern, quantity=quantity)
        for one in plan.dates:
            try:
                check(space, one.period, quantity=quantity)
                expected = "free"
            except Refusal as refusal:
                known = {"slot_taken": "taken", "closed": "closed"}
                expected = known.get(refusal.code, "rule")
            assert one.status == expected, (seed, space.name, one)
            for other in one.others:
                check(other.space, other.period, quantity=quantity)
            compared += 1
    assert compared > 50


def test_the_number_of_queries_does_not_depend_on_the_dates():
    space = SpaceFactory(horizon_days=700)
    SpaceFactory(place=space.place)
    open_space(space)
    space = Space.objects.select_related("place__commune").get(pk=space.pk)
    take(space, first_day(space))
    counts = []
    for weeks in (2, 60):
        with CaptureQueriesContext(connection) as queries:
            plan = plan_series(space, weekly(space, weeks=weeks))
        assert len(plan.conflicts) == 1
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12


def test_a_conflict_is_offered_another_room_then_another_hour():
    place = PlaceFactory()
    space, other = SpaceFactory(place=place, name="Olympe"), SpaceFactory(place=place, name="Ida")
    small = SpaceFactory(place=PlaceFactory(owner=place.owner), name="Parnasse", capacity=100)
    for one in (space, other, small):
        open_space(one)
    day = first_day(space)
    take(space, day)
    [conflict] = plan_series(space, weekly(space)).conflicts
    assert (conflict.day, conflict.status) == (day, "taken")
    assert [one.space.name for one in conflict.others] == ["Ida", "Parnasse", "Olympe"]
    take(other, day)
    take(small, day)
    [conflict] = plan_series(space, weekly(space)).conflicts
    assert {one.space.name for one in conflict.others} == {"Olympe"}
    zone = space.place.zone
    assert [f"{o.period.start.astimezone(zone):%H:%M}" for o in conflict.others] == [
        "20:00",
        "16:00",
    ]


def test_holidays_of_the_zone_and_the_days_off_are_skipped_by_name():
    space = SpaceFactory()
    open_space(space)
    day = first_day(space) + timedelta(days=7)
    SchoolHoliday.objects.create(
        zone=space.place.commune.school_zone,
        name="Vacances d’essai",
        first_day=day - timedelta(days=3),
        last_day=day + timedelta(days=3),
    )
    plan = plan_series(space, weekly(space, skips_school_holidays=True))
    assert [(one.day, one.sentence) for one in plan.skipped if one.day == day] == [
        (day, "Vacances scolaires : Vacances d’essai")
    ]


# --- The search against the plan


def weekly_periods(space, pattern):
    spans = holidays_near(
        [(space.place.commune.school_zone, space.place.owner_id)],
        date(2000, 1, 1),
        date(2100, 1, 1),
    )
    names = names_of(next(iter(spans.values())), space.place.departement_code)
    found = pattern.occurrences(space.place.zone, names)
    return [one.period for one in found if one.period]


@pytest.mark.parametrize("seed", range(4))
def test_the_search_counts_what_the_plan_counts(seed):
    rng = random.Random(100 + seed)
    spaces = world(rng)
    for one in spaces:
        index_space(one)
    place = spaces[0].place
    where = Where(place.latitude, place.longitude, 10.0)
    for _ in range(8):
        pattern = weekly(
            spaces[0],
            weeks=rng.randint(2, 40),
            start=rng.choice([17 * 60, 18 * 60, 18 * 60 + 15, 22 * 60]),
            minutes=rng.choice([60, 120, 180, 480, 2 * 1440]),
        )
        [near] = neighbourhoods(where)
        wanted = {near: weekly_periods(spaces[0], pattern)}
        found = {one.space_id: one for one in best(where, Filters(), wanted, limit=50)}
        for space in spaces:
            free = len(plan_series(space, pattern).free)
            assert (found[space.pk].free if space.pk in found else 0) == free, (space.name, pattern)
        counts = [one.free for one in found.values()]
        assert counts == sorted(counts, reverse=True)


def test_a_day_that_was_not_read_is_closed():
    space = SpaceFactory()
    open_space(space)
    day = first_day(space)
    zone = space.place.zone
    periods = [
        Period(local_instant(one, 18 * 60, zone), local_instant(one, 20 * 60, zone))
        for one in (day, day + timedelta(days=1), day + timedelta(days=2))
    ]
    look = Look([space], days_of([periods[0], periods[2]], zone))
    assert look.refusal(space, periods[0]) is None
    assert look.refusal(space, periods[1]).code == "closed"
    assert look.refusal(space, periods[2]) is None
