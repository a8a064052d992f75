"""Composing the week of a territory: 40 services, 25 places, 60 hours, drawn from a seed."""

from __future__ import annotations

import random
import resource
import time
from math import hypot

from bench.figures import figure
from preau.timetables.solving import (
    Mediator,
    Problem,
    Room,
    Service,
    Weights,
    improve,
    quick,
    verify,
)

SEEDS = (1, 2, 3)
SECONDS = 15.0
KM_A_MINUTE = 0.75
Town = tuple[float, float, int]
#: 8:00 to 18:00, in quarters.
OPEN = ((1 << 72) - 1) ^ ((1 << 32) - 1)


def territory(
    seed: int, *, services: int = 40, places: int = 25, communes: int = 200, days: int = 6
) -> Problem:
    """A made-up territory of 60 km: towns of very unequal sizes, places in the larger ones."""
    chance = random.Random(seed)  # noqa: S311  the same territory each time
    towns = sorted(
        (
            (chance.uniform(0, 60), chance.uniform(0, 60), int(chance.paretovariate(1.1) * 300))
            for _ in range(communes)
        ),
        key=lambda town: -town[2],
    )
    sites = [*towns[: places // 2], *chance.sample(towns[places // 2 :], places - places // 2)]
    rooms, equipped = _rooms(chance, places, days)
    return Problem(
        days=7,
        places=places,
        rooms=tuple(rooms),
        mediators=tuple(_mediator(chance, number, places, days) for number in range(services)),
        services=tuple(_service(chance, number, equipped) for number in range(services)),
        travel=tuple(
            tuple(round(hypot(a - x, b - y) * 1.3 / KM_A_MINUTE) for a, b, _ in sites)
            for x, y, _ in sites
        ),
        demand=_demand(towns, sites),
        weights=Weights(),
        step=4,
    )


def _demand(towns: list[Town], sites: list[Town]) -> tuple[tuple[int, frozenset[int]], ...]:
    found: dict[frozenset[int], int] = {}
    for x, y, people in towns:
        near = frozenset(n for n, (a, b, _) in enumerate(sites) if hypot(a - x, b - y) * 1.3 <= 12)
        if near:
            found[near] = found.get(near, 0) + min(people, 40_000)
    return tuple((people, near) for near, people in sorted(found.items(), key=str))


def _rooms(chance: random.Random, places: int, days: int) -> tuple[list[Room], list[set[int]]]:
    """The rooms, and the equipment of each."""
    rooms, equipped = [], []
    for place in range(places):
        for _ in range(chance.randint(1, 3)):
            closed = {day for day in range(days) if chance.random() < 0.1}
            free = tuple(0 if day in closed or day >= days else OPEN for day in range(7))
            rooms.append(Room(place, free))
            equipped.append({kind for kind in range(3) if chance.random() < 0.7})
    return rooms, equipped


def _mediator(chance: random.Random, number: int, places: int, days: int) -> Mediator:
    """One a service; one in five goes from place to place."""
    free = chance.sample(range(days), chance.randint(3, days))
    is_itinerant = number % 5 == 0
    return Mediator(
        half_days=frozenset(2 * day + part for day in free for part in (0, 1)),
        places=frozenset(range(places)),
        most_places=2 if is_itinerant else 1,
        most_travel=45 if is_itinerant else 0,
    )


def _service(chance: random.Random, number: int, equipped: list[set[int]]) -> Service:
    kind = chance.choice([None, None, 0, 1, 2])
    return Service(
        sessions=chance.randint(2, 6),
        length=4 * chance.randint(2, 4),
        priority=chance.randint(1, 5),
        rooms=frozenset(n for n, has in enumerate(equipped) if kind is None or kind in has),
        half_days=frozenset(range(14)),
        mediator=number,
    )


def main() -> None:
    for seed in SEEDS:
        problem = territory(seed)
        began = time.monotonic()
        first = quick(problem)
        figure(f"timetables.quick.{seed}", time.monotonic() - began, "s")
        figure(f"timetables.quick_gap.{seed}", 100 * first.gap, "%")
        began = time.monotonic()
        answer = improve(problem, first.sittings, seconds=SECONDS, seed=seed)
        figure(f"timetables.improve.{seed}", time.monotonic() - began, "s")
        figure(f"timetables.gap.{seed}", 100 * answer.gap, "%")
        wanted = sum(one.sessions for one in problem.services)
        figure(f"timetables.unplaced.{seed}", wanted - len(answer.sittings), "sittings")
        figure(f"timetables.broken_rules.{seed}", len(verify(problem, answer.sittings)), "rules")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    figure("timetables.memory", peak, "MB")
