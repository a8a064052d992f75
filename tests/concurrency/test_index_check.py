"""Checking, repairing and rebuilding the search index while people book."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from preau.accounts.actors import SYSTEM
from preau.availability import opening_index
from preau.availability.actions.occupancies import SlotTaken, Use, occupy, release
from preau.availability.care import checking, taken
from preau.availability.enums import OccupancyKind
from preau.availability.models import SpaceDay
from preau.core import clock
from preau.core.timeranges import Period, local_instant
from preau.places.models import Space
from tests.availability.factories import open_space
from tests.concurrency.race import race
from tests.places.factories import PlaceFactory, SpaceFactory, hall_in_thirds

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]
USE = Use(OccupancyKind.OWN_USE, "essai")
ROUNDS = 12


@pytest.fixture
def spaces(monkeypatch):
    monkeypatch.setattr(opening_index, "HORIZON", timedelta(days=20))
    hall = hall_in_thirds(PlaceFactory(), buffer_after=30)
    open_space(Space.objects.get(pk=hall.pk))
    room = SpaceFactory(place=hall.place)
    open_space(room)
    return list(Space.objects.select_related("place").order_by("pk"))


def writer(spaces, number):
    """Takes, and gives every second time back, all over the same few halls."""

    def run(turn):
        space = spaces[(number + turn) % len(spaces)]
        day = clock.today(space.place.zone) + timedelta(days=1 + turn)
        start = local_instant(day, (8 + number * 2) * 60, space.place.zone)
        try:
            row = occupy(space, Period(start, start + timedelta(hours=1)), USE, actor=SYSTEM)
        except SlotTaken:
            return
        if turn % 2:
            release(row, actor=SYSTEM)

    return run


def test_bookings_under_way_are_no_differences(spaces):
    outcomes = race(
        [
            *(writer(spaces, n) for n in range(4)),
            *(lambda _: checking.check(repair=True).told,) * 2,
        ],
        rounds=ROUNDS,
    )
    assert [error for outcome in outcomes for error in outcome.errors] == []
    told = [one for outcome in outcomes for one in outcome.results if one]
    assert told == []
    assert checking.check(repair=False).rows == SpaceDay.objects.count() > ROUNDS


def test_rebuilding_from_nothing_while_people_book_ends_right(spaces, monkeypatch):
    monkeypatch.setattr(checking, "LOCKED_AT_ONCE", 2)

    def rebuild(turn):
        SpaceDay.objects.filter(space_id=spaces[turn % len(spaces)].pk).delete()
        for _ in checking.rebuild():
            pass

    outcomes = race([*(writer(spaces, n) for n in range(4)), rebuild], rounds=ROUNDS)
    assert [error for outcome in outcomes for error in outcome.errors] == []
    for _ in checking.rebuild():  # a day emptied while a booking of it was being written
        pass
    assert checking.check(repair=False).told == []


def test_what_is_judged_without_the_lock_would_be_wrong(spaces, monkeypatch):
    """Negative control: a judge that does not wait for the writer takes its booking for a fault."""
    hall = spaces[0]
    day = clock.today(hall.place.zone) + timedelta(days=3)
    start = local_instant(day, 600, hall.place.zone)
    judged = []

    def judge():
        try:
            days = checking.compared_days()
            judged.append(taken.settle([hall.pk], days, repair=True))
        finally:
            connection.close()

    def between(ids, days, tiles):
        """The booking is written after the truth was read, before the index is."""
        if not judged:
            judged.append(None)
            thread = threading.Thread(
                target=lambda: (
                    occupy(hall, Period(start, start + timedelta(hours=1)), USE, actor=SYSTEM),
                    connection.close(),
                )
            )
            thread.start()
            thread.join(timeout=3)
            waiting.append(thread)
        return written(ids, days, tiles)

    waiting, written = [], taken._written
    monkeypatch.setattr(taken, "_written", between)
    judge_thread = threading.Thread(target=judge)
    judge_thread.start()
    judge_thread.join(timeout=30)
    waiting[0].join(timeout=30)
    assert judged[1] == []  # the booking waited for the judge

    judged.clear()
    monkeypatch.setattr(taken, "lock_roots", lambda spaces: None)
    start += timedelta(hours=5)
    judge_thread = threading.Thread(target=judge)
    judge_thread.start()
    judge_thread.join(timeout=30)
    waiting[1].join(timeout=30)
    assert len(judged[1]) > 0
