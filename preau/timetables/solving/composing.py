"""From a problem to a timetable: at once, then better and better, with a proven bound."""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from time import monotonic

from preau.timetables.solving.board import Board
from preau.timetables.solving.greedy import fill, greedy
from preau.timetables.solving.half_days import HalfDays
from preau.timetables.solving.packing import TooLong, Visit, groups, pack
from preau.timetables.solving.problem import Problem, Sitting, value_of
from preau.timetables.solving.relaxation import relax

#: Choices up to which the whole is searched at once, to the proof.
SMALL = 2500
#: The linear relaxation takes a fraction of a second; on a machine that is overloaded it is waited
#: for, since no gap can be said without it.
LINEAR_SECONDS = 30.0
#: Of the objective: nothing better is worth waiting for.
ENOUGH = 0.0001


@dataclass(frozen=True, slots=True)
class Answer:
    """A timetable, its worth, and what none can exceed."""

    sittings: tuple[Sitting, ...]
    value: int
    bound: float

    @property
    def gap(self) -> float:
        """How much better the best could be, as a share of this one."""
        if self.value <= 0:
            return 0.0 if self.bound <= self.value else 1.0
        return max(self.bound - self.value, 0.0) / self.value


#: Told of each better answer, and now and then; says whether to stop.
Told = Callable[[Answer], bool]


def quick(problem: Problem) -> Answer:
    """A timetable in about a second, and how far from the best it may be."""
    sittings = greedy(problem)
    bound = relax(problem, LINEAR_SECONDS, relaxed=True).bound
    return _answer(problem, sittings, bound)


def _answer(problem: Problem, sittings: Iterable[Sitting], bound: float) -> Answer:
    value = value_of(problem, sittings)
    return Answer(tuple(sorted(sittings)), value, max(bound, value))


def improve(
    problem: Problem,
    begun: Sequence[Sitting] = (),
    *,
    seconds: float = 15.0,
    seed: int = 0,
    told: Told = lambda answer: False,
) -> Answer:
    """Search on, from a timetable or from nothing, until proved, stopped, or out of time."""
    search = _Search(problem, seconds, seed, told)
    search.keep(begun if value_of(problem, begun) > 0 else greedy(problem))
    search.run()
    return search.answer


class _Search:
    def __init__(self, problem: Problem, seconds: float, seed: int, told: Told) -> None:
        self.problem = problem
        self.until = monotonic() + seconds
        self.seconds = seconds
        self.seed = seed
        self.told = told
        self.stopped = False
        self.best: list[Sitting] = sorted(problem.pins)
        self.value = value_of(problem, problem.pins)
        self.bound = float("inf")

    @property
    def answer(self) -> Answer:
        return _answer(self.problem, self.best, self.bound)

    @property
    def left(self) -> float:
        return self.until - monotonic()

    @property
    def is_over(self) -> bool:
        return self.stopped or self.left <= 0 or self.answer.gap <= ENOUGH

    def keep(self, sittings: Iterable[Sitting]) -> bool:
        """Remember a timetable if it is the best so far."""
        sittings = sorted({*sittings, *self.problem.pins})
        value = value_of(self.problem, sittings)
        better = value > self.value
        if better:
            self.best, self.value = sittings, value
        self.stopped = self.told(self.answer) or self.stopped
        return better

    def run(self) -> None:
        small = sum(map(len, self.problem.choices)) <= SMALL
        loose = relax(self.problem, LINEAR_SECONDS, relaxed=True)
        reach = relax(self.problem, self.left * (0.2 if small else 0.5), seed=self.seed)
        self.bound = min(loose.bound, reach.bound)
        self.keep(self.best)
        if small and not self.is_over:
            self.bound = min(self.bound, self._part(None, self.left * 0.6, pins=()))
        self._around(reach.pairs or loose.pairs)

    def _around(self, good: Collection[tuple[int, int]]) -> None:
        """Free what is held in a few places, or of a few services, the rest as it is; go where
        the bound goes, keep what is better."""
        chance = random.Random(self.seed)  # noqa: S311  not a secret: reproducible on purpose
        services, places = range(len(self.problem.services)), range(self.problem.places)
        while not self.is_over:
            used = {(one.service, self.problem.place_of(one)) for one in self.best}
            worth = used | set(good)
            if chance.random() < 0.7:
                near = set(chance.sample(places, min(len(places), chance.randint(2, 4))))
                pairs = {(service, place) for service, place in worth if place in near}
            else:
                few = set(chance.sample(services, min(len(services), chance.randint(2, 5))))
                pairs = {(service, place) for service, place in worth if service in few}
            free = {one for one in self.best if (one.service, self.problem.place_of(one)) in pairs}
            pins = [one for one in self.best if one not in free or one in self.problem.pins]
            self._part(pairs, min(3.0, self.left), pins=pins)
            self.keep(self.best)

    def _part(
        self,
        pairs: Collection[tuple[int, int]] | None,
        seconds: float,
        *,
        pins: Sequence[Sitting],
    ) -> float:
        """Search over those (service, place), or all, the pins aside: the bound of that part."""
        problem = replace(self.problem, pins=tuple(sorted({*pins, *self.problem.pins})))
        allowed = [set(chosen) for chosen in problem.choices]
        if pairs is not None:
            allowed = _allowed(problem, pairs)
        program, bound = HalfDays(problem, allowed), float("inf")
        until = monotonic() + seconds
        while (left := until - monotonic()) > 0 and not self.is_over:
            visits, bound = program.solve(left, start=self.best, seed=self.seed)
            if visits is None:
                return bound
            sittings, proved = self._hours(problem, program, visits)
            self.keep(sittings)
            if proved:
                return bound
        return bound

    def _hours(
        self, problem: Problem, program: HalfDays, visits: list[Visit]
    ) -> tuple[list[Sitting], bool]:
        """Hours for these visits; whether they are worth what the program believed. If not, the
        program is told what it did not know, and what fits is kept."""
        made, proved = list(problem.pins), True
        for group in groups(problem, visits):
            packed = _packed(problem, group)
            if packed is None:
                proved = False
                core = _core(problem, group)
                if core:
                    program.forbid(core)
                packed = _most_of(problem, group)
            made += packed
        longer = self._longer(problem, program, visits)
        board = Board(problem, made)
        fill(board)
        return sorted(board.sittings), proved and not longer

    def _longer(self, problem: Problem, program: HalfDays, visits: list[Visit]) -> bool:
        """Ways through three places or more, that the program took for shorter than they are."""
        trips: dict[tuple[int, int], set[int]] = {}
        for one in visits:
            who = problem.services[one.service].mediator
            trips.setdefault((who, one.half_day), set()).add(one.place)
        found = False
        for key, places in trips.items():
            pinned = program.pinned_rounds.get(key, (set(), 0))[0]
            everywhere = places | pinned
            if len(everywhere) < 3 or key not in program.roads:
                continue
            minutes = problem.road(everywhere)
            farthest = max(problem.travel[a][b] for a in everywhere for b in everywhere)
            if minutes > max(farthest, program.pinned_rounds.get(key, (set(), 0))[1]):
                found = program.lengthen(*key, places, minutes) or found
        return found


def _allowed(problem: Problem, pairs: Collection[tuple[int, int]]) -> list[set[int]]:
    """The windows of some (service, place)."""
    return [
        {n for n in chosen if (s, problem.rooms[problem.windows[n].room].place) in pairs}
        for s, chosen in enumerate(problem.choices)
    ]


def _packed(problem: Problem, group: Sequence[Visit]) -> list[Sitting] | None:
    try:
        return pack(problem, group)
    except TooLong:
        return None


def _core(problem: Problem, group: Sequence[Visit]) -> list[Visit]:
    """A small part that is impossible by itself; nothing when that is not proved."""
    core = list(group)
    try:
        if pack(problem, core) is not None:
            return []
        for one in list(core):
            fewer = [other for other in core if other != one]
            if fewer and pack(problem, fewer) is None:
                core = fewer
    except TooLong:
        return []
    return core


def _most_of(problem: Problem, group: Sequence[Visit]) -> list[Sitting]:
    """As many of them as fit, the most worth first."""
    kept: list[Visit] = []
    made: list[Sitting] = []
    for one in sorted(group, key=lambda one: -problem.services[one.service].priority):
        packed = _packed(problem, [*kept, one])
        if packed is not None:
            kept.append(one)
            made = packed
    return made
