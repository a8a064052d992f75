"""Proposals against a brute force: what is proposed is free, and nothing nearer is."""

import random
from datetime import timedelta

import pytest

from preau.availability import opening_index
from preau.availability.opening import RuleData
from preau.availability.queries.alternatives import (
    EACH,
    Reason,
    alternatives,
    alternatives_for,
    alternatives_on_days,
)
from preau.availability.queries.search import Evenings, Filters, Where, near, window
from preau.availability.queries.space import check
from preau.core.errors import Refusal
from preau.core.timeranges import Period, local_instant
from preau.places.models import Space
from preau.territories.distances import km_between
from tests.availability.factories import open_space
from tests.find.factories import GRENOBLE, PARIS, coming, free_space, hours, place_at, take
from tests.places.factories import hall_in_thirds

WHERE = Where(*GRENOBLE, 5.0)


@pytest.fixture(autouse=True)
def short_horizon(db, monkeypatch):
    monkeypatch.setattr(opening_index, "HORIZON", timedelta(days=40))


def bookable(space, period):
    try:
        check(space, period)
    except Refusal:
        return False
    return True


def all_spaces():
    return list(Space.objects.select_related("place__commune").order_by("pk"))


def km_of(space):
    return km_between(*GRENOBLE, space.place.latitude, space.place.longitude)


def closest_shift(space, period):
    """The smallest shift of up to two hours, by trying them all; later before sooner."""
    for minutes in range(15, 121, 15):
        for way in (minutes, -minutes):
            moved = period.shifted(timedelta(minutes=way))
            if bookable(space, moved):
                return minutes, moved
    return None


def closest_day(space, period):
    wall = period.start.astimezone(PARIS)
    for days in range(1, 8):
        for way in (days, -days):
            day = wall.date() + timedelta(days=way)
            start = local_instant(day, wall.hour * 60 + wall.minute, PARIS)
            moved = Period(start, start + period.duration)
            if bookable(space, moved):
                return days, moved
    return None


def expected(spaces, period, closest):
    found = [
        (gap_of[0], km_of(s), gap_of[1].start, s.pk, gap_of[1])
        for s in spaces
        if (gap_of := closest(s, period))
    ]
    return [(gap, pk, moved) for gap, _, _, pk, moved in sorted(found)][:EACH]


def proposed(found, reason):
    return [(one.gap, one.space_id, one.period) for one in found if one.reason == reason]


@pytest.mark.parametrize("seed", range(6))
def test_proposals_are_the_closest_there_are(seed):
    rng = random.Random(seed)
    for number in range(8):
        rules = [RuleData(list(range(7)), rng.choice([8, 12, 16]) * 60, rng.choice([20, 22]) * 60)]
        free_space(
            0.5 + number,
            rules=rules,
            step_minutes=rng.choice([15, 30, 60]),
            capacity=rng.choice([20, 40, 80]),
            buffer_after=rng.choice([0, 30]),
            min_minutes=rng.choice([60, 180]),
        )
    spaces = all_spaces()
    day = coming(rng.choice([2, 10]))
    for space in spaces:
        for _ in range(rng.randint(2, 8)):
            start = rng.randint(8, 19)
            period = hours(day + timedelta(days=rng.randint(-1, 2)), start, start + 2)
            if bookable(space, period):
                take(space, period)
    people = rng.choice([1, 30])
    filters = Filters(people=people)
    period = hours(day, 18, 20)
    found = alternatives(WHERE, period, filters)
    near_ones = [s for s in spaces if km_of(s) <= 5 and s.capacity >= people]
    assert proposed(found, Reason.SHIFTED) == expected(near_ones, period, closest_shift)
    assert proposed(found, Reason.OTHER_DAY) == expected(near_ones, period, closest_day)
    farther = [s for s in spaces if km_of(s) <= 10 and s.capacity >= people]
    free = sorted((km_of(s), s.pk) for s in farther if bookable(s, period))[:EACH]
    assert [pk for _, pk, _ in proposed(found, Reason.ELSEWHERE)] == [pk for _, pk in free]
    assert all(one.sentence for one in found)


def test_the_parts_of_a_hall_that_are_left():
    hall = hall_in_thirds(place_at(1))
    open_space(hall)
    first, second, third, _, two_three = hall.parts.order_by("pk")
    period = hours(coming(), 18, 20)
    take(first, period)
    found = alternatives(WHERE, period, Filters(people=250))
    parts = proposed(found, Reason.PART)
    assert [pk for _, pk, _ in parts] == [two_three.pk, second.pk, third.pk]
    assert not window(WHERE, period, Filters(people=250)).rows


def test_for_one_space_other_hours_other_days_and_the_hall():
    hall = hall_in_thirds(place_at(1))
    open_space(hall)
    neighbour = free_space(3, capacity=200)
    first, second, *_ = hall.parts.order_by("pk")
    period = hours(coming(), 18, 20)
    take(first, period)
    found = alternatives_for(Space.objects.select_related("place").get(pk=first.pk), period)
    assert {one.period.start for one in found if one.reason == Reason.SHIFTED} == {
        period.end,
        period.start - timedelta(hours=2),
    }
    assert proposed(found, Reason.OTHER_DAY)[0][0] == 1
    larger = [pk for _, pk, _ in proposed(found, Reason.LARGER)]
    assert second.pk in larger
    assert hall.pk not in larger
    assert [pk for _, pk, _ in proposed(found, Reason.ELSEWHERE)] == [neighbour.pk]


def test_other_days_of_the_week_then_farther():
    thursdays = [RuleData([3], 18 * 60, 22 * 60)]
    near_one = free_space(1, rules=thursdays)
    far_one = free_space(8)
    days = [coming(n) for n in range(28)]
    tuesdays = Evenings(tuple(d for d in days if d.weekday() == 1), 1080, 1320, 120)
    others = Evenings(tuple(d for d in days if d.weekday() != 1), 1080, 1320, 120)
    found = alternatives_on_days(WHERE, tuesdays, Filters(), others)
    assert [(one.reason, one.space_id) for one in found] == [
        (Reason.OTHER_DAY, near_one.pk),
        (Reason.ELSEWHERE, far_one.pk),
    ]


def test_a_fixed_number_of_queries(django_assert_max_num_queries):
    for number in range(10):
        free_space(0.5 + number / 10)
    with django_assert_max_num_queries(16):
        alternatives(WHERE, hours(coming(), 18, 20), Filters(people=20))
    assert len(near(WHERE, Filters()).rows) == 10
