"""Whole rhythms against each other and against single slots, on the same halls."""

import random
import threading
from datetime import timedelta

import pytest

from preau.accounts.actors import Actor
from preau.availability.actions import occupancies as engine
from preau.availability.models import OccupiedUnit
from preau.booking.actions import series as series_actions
from preau.booking.actions.holds import hold
from preau.booking.actions.series import hold_series
from preau.booking.enums import BookingState, Frequency
from preau.booking.models import Booking, BookingDate
from preau.booking.patterns import Pattern
from preau.core import clock
from preau.core.timeranges import Period, local_instant
from preau.places.models import Space
from tests.availability.factories import open_space
from tests.concurrency.race import race
from tests.concurrency.test_never_two_in_one_hall import (  # noqa: F401
    index_matches_truth,
    only_refusals,
    overlaps,
    without_the_constraint,
)
from tests.places.factories import PlaceFactory, SpaceFactory

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]
CLIENTS = 50
WEEKS = 12


def halls():
    place = PlaceFactory()
    rooms = [SpaceFactory(place=place) for _ in range(3)]
    for one in rooms:
        open_space(one)
    return list(Space.objects.filter(place=place).select_related("place__commune").order_by("pk"))


def at(space, week, hour=18):
    day = clock.today(space.place.zone) + timedelta(days=7 + 7 * week)
    start = local_instant(day, hour * 60, space.place.zone)
    return Period(start, start + timedelta(hours=2))


def rhythm(space):
    day = clock.today(space.place.zone) + timedelta(days=7)
    last = day + timedelta(weeks=WEEKS)
    return Pattern(Frequency.WEEKLY, day, last, 18 * 60, 120)


def series_in(rooms, rng):
    """A rhythm over most weeks, some of its dates in the other halls, given in any order."""
    main = rng.choice(rooms)
    weeks = rng.sample(range(WEEKS), rng.randint(6, WEEKS))
    hour = rng.choice([17, 18, 18, 19])
    slots = [
        (main if rng.random() < 0.7 else rng.choice(rooms), at(main, week, hour)) for week in weeks
    ]
    return hold_series(main, slots, rhythm(main), actor=Actor(), visitor_key=f"v{rng.random()}")


def single_in(rooms, rng):
    room = rng.choice(rooms)
    period = at(room, rng.randrange(WEEKS), rng.choice([17, 18, 19]))
    return hold(room, period, actor=Actor(), visitor_key=f"v{rng.random()}")


def hold_alone(room):
    """At an hour that no rhythm wants."""
    return hold(room, at(room, 0, hour=9), actor=Actor(), visitor_key="alone")


def test_fifty_rhythms_and_slots_never_share_an_hour_and_never_deadlock(record_property):
    rooms = halls()
    # One of each is there before the others come: whoever wins, both shapes are judged.
    won = [series_in(rooms, random.Random(0)), hold_alone(rooms[0])]

    def client(seed):
        rng = random.Random(seed)
        act = series_in if seed % 2 else single_in
        return lambda number: act(rooms, rng)

    outcomes = race([client(seed) for seed in range(CLIENTS)], rounds=4)
    for outcome in outcomes:
        only_refusals(outcome)  # a deadlock is an OperationalError: it would show here
    record_property("p99_ms", round(1000 * max(o.percentile(0.99) for o in outcomes)))
    won += [one for outcome in outcomes for one in outcome.results if one]
    assert overlaps() == 0
    # All or nothing: what is held is exactly the dates of what was won, each with its unit.
    held = BookingDate.objects.filter(booking__state=BookingState.HELD)
    assert held.count() == OccupiedUnit.objects.count() == sum(o.dates.count() for o in won)
    assert Booking.objects.count() == len(won)
    assert index_matches_truth(rooms)


def test_of_fifty_same_rhythms_one_has_all_the_dates():
    rooms = halls()
    slots = [(rooms[0], at(rooms[0], week)) for week in range(WEEKS)]

    def client(number):
        key = f"v{random.random()}"
        return hold_series(rooms[0], slots, rhythm(rooms[0]), actor=Actor(), visitor_key=key)

    [outcome] = race([client] * CLIENTS)
    only_refusals(outcome)
    assert len([one for one in outcome.results if one]) == 1
    assert OccupiedUnit.objects.count() == WEEKS
    assert overlaps() == 0


def test_without_the_queue_rhythms_share_hours(monkeypatch, without_the_constraint):  # noqa: F811
    """Negative control: reading first and writing after is not enough."""
    roots = lambda spaces: list({one.pk: one for one in spaces}.values())  # noqa: E731
    monkeypatch.setattr(series_actions, "lock_roots", roots)
    monkeypatch.setattr(engine, "lock_root", lambda space: space)
    rooms = halls()
    slots = [(rooms[0], at(rooms[0], week)) for week in range(WEEKS)]

    def client(number):
        key = f"v{random.random()}"
        return hold_series(rooms[0], slots, rhythm(rooms[0]), actor=Actor(), visitor_key=key)

    race([client] * 16)
    assert overlaps() > 0


def test_without_the_order_of_the_halls_rhythms_deadlock(monkeypatch):
    """Negative control: halls locked as they come, two rhythms wait for each other."""
    from django.db import OperationalError

    rooms = halls()

    met, mine = threading.Barrier(2), threading.local()

    def as_they_come(spaces):
        found = []
        for one in spaces:
            rows = Space.objects.filter(pk=one.root_id_or_self).select_for_update(of=("self",))
            found += list(rows)
            if not getattr(mine, "has_met", False):  # each holds one hall before asking for more
                mine.has_met = True
                met.wait(timeout=30)
        return found

    monkeypatch.setattr(series_actions, "lock_roots", as_they_come)

    def client(ways):
        def act(number):
            slots = [(room, at(room, week)) for week, room in enumerate(rooms[::ways])]
            key = f"v{random.random()}"
            hold_series(slots[0][0], slots, rhythm(slots[0][0]), actor=Actor(), visitor_key=key)

        return act

    outcomes = race([client(1), client(-1)])
    assert any(isinstance(e, OperationalError) for o in outcomes for e in o.errors)
