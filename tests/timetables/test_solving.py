"""The solver against complete enumeration, and its gap on a whole territory."""

import dataclasses

import pytest

from bench.timetables import territory
from preau.timetables.solving import Sitting, improve, quick, verify
from preau.timetables.solving.problem import value_of
from preau.timetables.solving.travel import order
from tests.timetables.instances import best_value, objective, small


@pytest.mark.parametrize("first", range(0, 200, 20))
def test_small_problems_are_solved_to_the_best_of_all_timetables(first):
    for seed in range(first, first + 20):
        problem = small(seed)
        best = best_value(problem)
        answer = improve(problem, seconds=20, seed=seed)
        assert verify(problem, answer.sittings) == [], seed
        assert answer.value == objective(problem, answer.sittings), seed
        assert answer.bound >= best, seed
        assert answer.value == best, seed


@pytest.mark.parametrize("first", range(0, 200, 50))
def test_the_first_answer_breaks_no_rule_and_its_bound_holds(first):
    for seed in range(first, first + 50):
        problem = small(seed)
        answer = quick(problem)
        assert verify(problem, answer.sittings) == [], seed
        assert answer.bound >= best_value(problem) >= answer.value, seed


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_territory_is_within_one_percent_of_its_bound(seed):
    problem = territory(seed)
    first = quick(problem)
    assert verify(problem, first.sittings) == []
    answer = improve(problem, first.sittings, seconds=4, seed=seed)
    assert verify(problem, answer.sittings) == []
    assert answer.value >= first.value
    assert answer.gap <= 0.01


def test_stopping_keeps_the_best_found():
    problem, seen = territory(1), []

    def told(answer):
        seen.append(answer)
        return len(seen) >= 2

    answer = improve(problem, seconds=60, told=told)
    assert len(seen) == 2
    assert answer.value == seen[-1].value
    assert verify(problem, answer.sittings) == []


def test_verify_names_each_broken_rule():
    problem = small(4)
    room = next(n for n, one in enumerate(problem.rooms) if one.free[0])
    wrong = [Sitting(0, 37, room, 0), Sitting(0, 37, room, 0), Sitting(0, 40, room, 1)]
    text = " ".join(verify(problem, wrong))
    for words in ("off the grid", "room taken twice", "twice in a half-day"):
        assert words in text


def test_a_pin_stays_whatever_it_costs():
    problem = territory(2)
    free = next(one for one in quick(problem).sittings)
    pinned = dataclasses.replace(problem, pins=(free,))
    answer = improve(pinned, seconds=2)
    assert free in answer.sittings
    assert value_of(pinned, answer.sittings) == answer.value


def test_the_way_through_places_is_the_shortest():
    travel = tuple(tuple(abs(a - b) for b in (0, 30, 10, 20)) for a in (0, 30, 10, 20))
    minutes, way = order((0, 1, 2, 3), travel)
    assert minutes == 30
    assert way in {(0, 2, 3, 1), (1, 3, 2, 0)}
