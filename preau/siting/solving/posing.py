"""From communes, places and what is asked to a problem: who covers whom, who may be chosen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from preau.siting.solving import reach
from preau.siting.solving.problem import Problem
from preau.siting.solving.sparse import Bools, Floats, Ints, Sparse, of_pairs


@dataclass(frozen=True, slots=True)
class Minutes:
    """Travel times between communes, by their number in the study; absent pairs are too far."""

    origins: Ints
    destinations: Ints
    minutes: Floats


@dataclass(frozen=True, slots=True)
class Ground:
    """The communes of a study.

    Attributes:
        population: inhabitants of each.
        points: their centres (`reach.on_sphere`).
        minutes: travel times; None counts the way as the crow flies, lengthened.
    """

    population: Floats
    points: Floats
    minutes: Minutes | None = None


@dataclass(frozen=True, slots=True)
class Places:
    """Places that exist.

    Attributes:
        points: where they stand.
        opens: when (places × moments).
        communes: the number of the commune of each, -1 outside the study.
    """

    points: Floats
    opens: Bools
    communes: Ints


@dataclass(frozen=True, slots=True)
class Terms:
    """What is asked.

    Attributes:
        limit: kilometres by road, or minutes where travel times are given.
        moments: share of each moment in the whole (they sum to 1).
        opens: whether the new places are open at each.
        critical_mass: least inhabitants within reach of a new place.
        factor: how much longer the road is than the crow's flight.
    """

    places: int
    limit: float
    moments: tuple[float, ...] = (1.0,)
    opens: tuple[bool, ...] = (True,)
    critical_mass: float = 0.0
    excluded: frozenset[int] = frozenset()
    forced: tuple[int, ...] = ()
    factor: float = 1.3


@dataclass(frozen=True, slots=True)
class Posed:
    """Attributes:
    problem: for the solver.
    communes: the commune of each candidate.
    catchments: inhabitants within reach of each candidate.
    """

    problem: Problem
    communes: Ints
    catchments: Floats


def pose(ground: Ground, existing: Places, terms: Terms) -> Posed:
    """Any commune is a candidate, the most inhabited first (among equals it is preferred)."""
    communes = np.argsort(-ground.population, kind="stable")
    covers = _covers(ground, communes, terms)
    catchments = covers.sums(ground.population)
    forced = np.isin(communes, terms.forced)
    allowed = (catchments >= terms.critical_mass) & ~np.isin(communes, list(terms.excluded))
    kept = np.flatnonzero(allowed | forced)
    communes, covers, catchments = communes[kept], covers.take(kept), catchments[kept]
    moments = np.array(terms.moments)
    problem = Problem(
        weights=ground.population[:, None] * moments[None, :],
        covers=covers,
        opens=np.tile(np.array(terms.opens, dtype=np.bool_), (len(communes), 1)),
        existing=served(ground, existing, terms),
        places=terms.places,
        forced=tuple(int(index) for index in np.flatnonzero(np.isin(communes, terms.forced))),
    )
    return Posed(problem, communes, catchments)


def served(ground: Ground, existing: Places, terms: Terms) -> Bools:
    """Which communes existing places cover, and when."""
    result = np.zeros((len(ground.population), len(terms.moments)), dtype=np.bool_)
    if not len(existing.points):
        return result
    if ground.minutes is None:
        near = reach.within(existing.points, ground.points, terms.limit / terms.factor)
    else:
        inside = np.maximum(existing.communes, 0)
        near = _by_minutes(ground, inside, ground.minutes, terms.limit)
    places = near.columns
    if ground.minutes is not None:
        known = existing.communes[places] >= 0
        places, items = places[known], near.items[known]
    else:
        items = near.items
    for moment in range(result.shape[1]):
        result[items[existing.opens[places, moment]], moment] = True
    return result


def mean_km(ground: Ground, places: Floats, factor: float) -> float:
    """The mean way of an inhabitant to the nearest place, by road (p-median); inf without any."""
    population = ground.population
    if not population.sum():
        return 0.0
    way = reach.nearest_km(ground.points, places) * factor
    return float((way * population).sum() / population.sum())


def _covers(ground: Ground, communes: Ints, terms: Terms) -> Sparse:
    if ground.minutes is None:
        return reach.within(ground.points[communes], ground.points, terms.limit / terms.factor)
    return _by_minutes(ground, communes, ground.minutes, terms.limit)


def _by_minutes(ground: Ground, starts: Ints, known: Minutes, limit: float) -> Sparse:
    """For each commune of `starts` the communes that come to it in time; itself always."""
    count = len(ground.population)
    near = known.minutes <= limit
    selves = np.arange(count, dtype=np.int64)
    pairs = np.unique(
        np.concatenate(
            (known.destinations[near] * count + known.origins[near], selves * count + selves)
        )
    )
    return of_pairs(pairs // count, pairs % count, count).take(starts)
