"""The solver against enumeration, and what it certifies."""

from __future__ import annotations

import itertools
import random

import numpy as np
import pytest

from preau.siting.solving import reach, solve
from preau.siting.solving.posing import Ground, Minutes, Places, Terms, mean_km, pose
from preau.siting.solving.problem import Answer, Problem, Proof
from preau.siting.solving.reducing import reduce
from preau.siting.solving.sparse import of_pairs


def drawn(seed: int) -> Problem:
    """Small, with ties, empty columns, twins, moments, existing and forced places."""
    draw = random.Random(seed)
    communes, candidates = draw.randint(1, 14), draw.randint(1, 9)
    moments = draw.randint(1, 3)
    density = draw.choice([0.1, 0.25, 0.5])
    pairs = [
        (column, row)
        for column in range(candidates)
        for row in range(communes)
        if draw.random() < density
    ]
    weights = np.array(
        [[draw.choice([0, 1, 2, 5, 40, 1000]) for _ in range(moments)] for _ in range(communes)],
        dtype=float,
    )
    uniform = draw.random() < 0.5
    opens = np.array([[uniform or draw.random() < 0.6] * 1 for _ in range(candidates * moments)])
    places = draw.randint(1, 4)
    forced = tuple(draw.sample(range(candidates), min(candidates, draw.choice([0, 0, 1, 2]))))
    return Problem(
        weights=weights,
        covers=of_pairs(
            np.array([pair[0] for pair in pairs], dtype=np.int64),
            np.array([pair[1] for pair in pairs], dtype=np.int64),
            candidates,
        ),
        opens=opens.reshape(candidates, moments),
        existing=np.array(
            [[draw.random() < 0.15 for _ in range(moments)] for _ in range(communes)]
        ),
        places=max(places, len(forced)),
        forced=forced,
    )


def worth(problem: Problem, chosen: tuple[int, ...]) -> float:
    """Commune by commune and moment by moment, without any of the solver's code."""
    total = 0.0
    communes, moments = problem.weights.shape
    for row, moment in itertools.product(range(communes), range(moments)):
        near = any(
            row in problem.covers.of(column) and problem.opens[column, moment] for column in chosen
        )
        if near or problem.existing[row, moment]:
            total += problem.weights[row, moment]
    return total


def best(problem: Problem) -> float:
    free = [one for one in range(len(problem.covers)) if one not in problem.forced]
    left = min(len(free), problem.places - len(problem.forced))
    return max(
        worth(problem, (*problem.forced, *others)) for others in itertools.combinations(free, left)
    )


def agrees(problem: Problem, answer: Answer) -> None:
    assert worth(problem, answer.chosen) == pytest.approx(answer.covered)
    assert answer.base + sum(answer.gains) == pytest.approx(answer.covered)
    assert set(problem.forced) <= set(answer.chosen)
    assert len(set(answer.chosen)) == len(answer.chosen) <= problem.places
    covered = solve.coverage(problem, answer.chosen)
    assert (problem.weights * covered).sum() == pytest.approx(answer.covered)


@pytest.mark.parametrize("seed", range(200))
def test_the_best_choice_is_that_of_enumeration(seed: int) -> None:
    problem = drawn(seed)
    optimum = best(problem)
    fast = solve.quick(problem, rounds=120)
    agrees(problem, fast)
    assert fast.covered <= optimum + 1e-6 <= fast.bound + 2e-6
    exact = solve.prove(problem, lambda value, bound: False)
    agrees(problem, exact)
    assert exact.proof == Proof.OPTIMAL
    assert exact.covered == pytest.approx(optimum)
    assert exact.gap == 0


@pytest.mark.parametrize("seed", range(60))
def test_a_smaller_problem_is_worth_the_same(seed: int) -> None:
    problem = drawn(1000 + seed)
    core = reduce(problem)
    taken = range(len(core.names))
    value = max(
        (
            float(core.weights[np.unique(core.covers.of_all(np.array(some, dtype=int)))].sum())
            for size in range(min(core.places, len(core.names)) + 1)
            for some in itertools.combinations(taken, size)
        ),
        default=0.0,
    )
    assert core.base + value == pytest.approx(best(problem))


def field(seed: int, communes: int) -> Ground:
    draw = np.random.default_rng(seed)
    points = reach.on_sphere(44 + 2 * draw.random(communes), 5 + 2 * draw.random(communes))
    return Ground(np.round(draw.lognormal(6, 1.3, communes)), points)


HEAVY = 1500.0
NOBODY = Places(np.zeros((0, 3)), np.zeros((0, 1), dtype=bool), np.zeros(0, dtype=np.int64))


@pytest.mark.parametrize("seed", range(12))
def test_bounds_hold_on_larger_ground(seed: int) -> None:
    posed = pose(field(seed, 150), NOBODY, Terms(places=3 + seed, limit=20))
    fast = solve.quick(posed.problem, rounds=60)
    exact = solve.prove(posed.problem, lambda value, bound: False)
    assert exact.proof == Proof.OPTIMAL
    assert fast.covered <= exact.covered + 1e-6 <= fast.bound + 2e-6
    agrees(posed.problem, exact)
    assert list(exact.gains) == sorted(exact.gains, reverse=True)


def test_proving_can_be_stopped_and_keeps_what_it_has() -> None:
    posed = pose(field(7, 400), NOBODY, Terms(places=25, limit=15))
    told: list[tuple[float, float]] = []

    def stop(value: float, bound: float) -> bool:
        told.append((value, bound))
        return True

    answer = solve.prove(posed.problem, stop)
    assert answer.proof == Proof.STOPPED
    assert told and all(value <= bound for value, bound in told)
    agrees(posed.problem, answer)
    assert answer.bound >= answer.covered > 0


def test_the_same_problem_gives_the_same_answer() -> None:
    posed = pose(field(3, 300), NOBODY, Terms(places=12, limit=15))
    assert solve.quick(posed.problem) == solve.quick(posed.problem)


@pytest.mark.parametrize("seed", range(20))
def test_neighbours_are_those_of_all_pairs(seed: int) -> None:
    draw = np.random.default_rng(seed)
    spread = draw.choice([0.2, 5.0, 180.0])
    latitudes = np.clip(draw.normal(draw.choice([0, 45, -21, 89]), spread / 3, 80), -90, 90)
    points = reach.on_sphere(latitudes, draw.normal(draw.choice([2, 179.9]), spread, 80))
    km = float(draw.choice([0.5, 15.0, 400.0]))
    near = reach.within(points[:30], points, km)
    for centre in range(30):
        cosine = np.clip(points @ points[centre], -1, 1)
        chord = np.sqrt(np.maximum(0, ((points - points[centre]) ** 2).sum(axis=1)))
        wanted = np.flatnonzero(2 * np.arcsin(np.minimum(1, chord / 2)) * reach.EARTH_KM <= km)
        assert cosine[centre] > 0.999
        assert near.of(centre).tolist() == wanted.tolist()


def test_a_kilometre_is_a_kilometre() -> None:
    # Grenoble and Lyon town halls: 94.1 km as the crow flies.
    cities = reach.on_sphere(np.array([45.1885, 45.7676]), np.array([5.7245, 4.8345]))
    assert reach.nearest_km(cities[:1], cities[1:])[0] == pytest.approx(94.6, abs=0.8)
    assert reach.within(cities, cities, 90).sizes.tolist() == [1, 1]
    assert reach.within(cities, cities, 100).sizes.tolist() == [2, 2]


def test_a_small_catchment_is_no_candidate_unless_forced() -> None:
    ground = field(2, 60)
    terms = Terms(places=3, limit=12, critical_mass=HEAVY)
    posed = pose(ground, NOBODY, terms)
    assert 0 < len(posed.communes) < 60
    assert (posed.catchments >= HEAVY).all()
    small = next(one for one in range(60) if one not in posed.communes)
    forced = pose(ground, NOBODY, Terms(3, 12, critical_mass=HEAVY, forced=(small,)))
    answer = solve.quick(forced.problem)
    assert int(forced.communes[answer.chosen[0]]) == small
    taken = int(posed.communes[0])
    excluded = pose(ground, NOBODY, Terms(3, 12, excluded=frozenset({taken})))
    assert taken not in excluded.communes


def test_places_that_exist_count_when_they_are_open() -> None:
    ground = field(4, 40)
    terms = Terms(places=2, limit=15, moments=(0.6, 0.4), opens=(True, False))
    here = Places(ground.points[:1], np.array([[False, True]]), np.array([0]))
    posed = pose(ground, here, terms)
    near = reach.within(ground.points[:1], ground.points, 15 / 1.3).of(0)
    assert posed.problem.existing[near, 1].all()
    assert not posed.problem.existing[:, 0].any()
    answer = solve.quick(posed.problem)
    assert answer.base == pytest.approx(0.4 * ground.population[near].sum())
    # New places are closed in the evening: the rest of it cannot be covered.
    assert answer.bound <= answer.base + 0.6 * ground.population.sum() + 1e-6


def test_travel_times_replace_distance() -> None:
    ground = field(5, 4)
    minutes = Minutes(np.array([1, 2, 3]), np.array([0, 0, 2]), np.array([10.0, 30.0, 12.0]))
    timed = Ground(np.array([100.0, 20.0, 30.0, 40.0]), ground.points, minutes)
    posed = pose(timed, NOBODY, Terms(places=1, limit=15))
    answer = solve.prove(posed.problem, lambda value, bound: False)
    assert int(posed.communes[answer.chosen[0]]) == 0 and answer.covered == 120
    wider = pose(timed, NOBODY, Terms(places=1, limit=30))
    assert solve.quick(wider.problem).covered == 150
    there = Places(timed.points[:1], np.ones((1, 1), dtype=bool), np.array([2]))
    assert pose(timed, there, Terms(1, 15)).problem.existing[:, 0].tolist() == [
        False, False, True, True,
    ]  # fmt: skip


def test_the_mean_way_is_weighted_by_inhabitants() -> None:
    points = reach.on_sphere(np.array([45.0, 45.0]), np.array([5.0, 5.1]))
    ground = Ground(np.array([300.0, 100.0]), points)
    apart = reach.nearest_km(points[1:], points[:1])[0]
    assert mean_km(ground, points[:1], 1.3) == pytest.approx(1.3 * apart / 4, abs=1e-3)
    assert mean_km(ground, points, 1.3) == pytest.approx(0, abs=1e-3)


def test_nothing_to_choose_from() -> None:
    posed = pose(field(1, 5), NOBODY, Terms(places=2, limit=5, critical_mass=1e9))
    answer = solve.quick(posed.problem)
    assert answer.chosen == () and answer.covered == 0 and answer.gap == 0
