"""How much could be reached at best: sittings by service and place, without hours.

Every timetable is a solution of this program, of the same worth or more: its bound holds for all.
What it leaves out (which half-day, which hour) is what makes the whole hard to search directly.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from math import floor

from preau.timetables.solving.model import Model, Outcome
from preau.timetables.solving.problem import Problem, Window, rounds, value_of


@dataclass(frozen=True, slots=True)
class Reach:
    """The bound, and the (service, place) that the best found uses."""

    bound: float
    pairs: frozenset[tuple[int, int]]


def relax(problem: Problem, seconds: float, *, relaxed: bool = False, seed: int = 0) -> Reach:
    """The program without hours, or its linear relaxation, which is faster and looser."""
    made = _Relaxation(problem)
    gap = 0.0 if relaxed else 0.0005
    outcome = made.model.solve(seconds, gap=gap, seed=seed, relaxed=relaxed)
    return Reach(_bound(problem, made, outcome), made.pairs_of(outcome))


def _bound(problem: Problem, made: _Relaxation, outcome: Outcome) -> float:
    everything = sum(
        one.priority * (sum(people for people, _ in problem.demand))
        + one.priority * problem.weights.session * one.sessions
        for one in problem.services
    )
    return min(float(everything), made.constant + outcome.bound)


class _Relaxation:
    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.model = Model()
        self.windows: dict[tuple[int, int], list[Window]] = defaultdict(list)
        for service, chosen in enumerate(problem.choices):
            for number in chosen:
                window = problem.windows[number]
                self.windows[service, problem.rooms[window.room].place].append(window)
        self.count: dict[tuple[int, int], int] = {}
        self.there: dict[tuple[int, int], int] = {}
        self._pins()
        self.left = [
            max(one.sessions - self.pinned_sessions[n], 0) for n, one in enumerate(problem.services)
        ]
        self._sittings()
        self._people()
        self._open_places()
        self._mediators()

    def _pins(self) -> None:
        """What stands already: worth its value, its roads aside."""
        problem = self.problem
        self.pinned_sessions: dict[int, int] = defaultdict(int)
        self.pinned_half_days: dict[int, set[int]] = defaultdict(set)
        self.pinned_places: dict[int, set[int]] = defaultdict(set)
        for pin in problem.pins:
            self.pinned_sessions[pin.service] += 1
            self.pinned_half_days[problem.place_of(pin)].add(pin.half_day)
            self.pinned_places[pin.service].add(problem.place_of(pin))
        without_roads = sum(
            problem.weights.minute * minutes for _, minutes in rounds(problem, problem.pins)
        )
        self.constant = value_of(problem, problem.pins) + without_roads

    def _sittings(self) -> None:
        problem = self.problem
        by_service: dict[int, list[int]] = defaultdict(list)
        for (service, place), windows in self.windows.items():
            wanted = problem.services[service]
            most = min(self.left[service], len({one.half_day for one in windows}))
            gain = wanted.priority * problem.weights.session
            count = self.model.var(gain, most=most)
            there = self.model.var()
            self.model.at_most(0, [(there, 1), (count, -1)])
            self.model.at_most(0, [(count, 1), (there, -most)])
            self.count[service, place], self.there[service, place] = count, there
            by_service[service].append(count)
        for service, counts in by_service.items():
            self.model.at_most(self.left[service], [(one, 1) for one in counts])

    def _people(self) -> None:
        for service, wanted in enumerate(self.problem.services):
            for people, near in self.problem.demand:
                if near & self.pinned_places[service]:
                    continue
                there = [
                    self.there[service, place]
                    for place in sorted(near)
                    if (service, place) in self.there
                ]
                if there:
                    reached = self.model.var(people * wanted.priority, whole=False)
                    self.model.at_most(0, [(reached, 1), *((one, -1) for one in there)])

    def _open_places(self) -> None:
        """Half-days of each place, and what fits in one of them at most."""
        by_place: dict[int, list[int]] = defaultdict(list)
        for service, place in self.count:
            by_place[place].append(service)
        for place, services in sorted(by_place.items()):
            half_days = {w.half_day for s in services for w in self.windows[s, place]}
            pinned = len(self.pinned_half_days[place])
            opened = self.model.var(
                -self.problem.weights.half_day,
                most=len(half_days - self.pinned_half_days[place]),
            )
            for service in services:
                terms = [(self.count[service, place], 1.0), (opened, -1.0)]
                self.model.at_most(pinned, terms)
            kinds = {
                frozenset(w.room for w in self.windows[service, place]) for service in services
            }
            for rooms in sorted(kinds, key=sorted):
                within = [
                    service
                    for service in services
                    if {w.room for w in self.windows[service, place]} <= rooms
                ]
                self._fit(place, rooms, within, opened, pinned)

    def _fit(
        self, place: int, rooms: frozenset[int], services: list[int], opened: int, pinned: int
    ) -> None:
        """Dual feasible functions: what no packing of the windows of a half-day can exceed."""
        problem = self.problem
        pad = min(problem.rooms[room].pad for room in rooms)
        shortest = min(problem.services[one].length for one in services)
        by_half_day: dict[int, set[Window]] = defaultdict(set)
        for service in services:
            for window in self.windows[service, place]:
                if window.length >= shortest:
                    by_half_day[window.half_day].add(window)
        size = max(w.length for found in by_half_day.values() for w in found) + pad
        total = max(sum(w.length + pad for w in found) for found in by_half_day.values())
        number = max(len(found) for found in by_half_day.values())
        lengths = {one: problem.services[one].length + pad for one in services}
        self._row(place, lengths, total, opened, pinned)
        for part in (1, 2, 3):
            weights = {one: _dual(length, size, part) for one, length in lengths.items()}
            self._row(place, weights, number * part, opened, pinned)

    def _row(
        self, place: int, weights: dict[int, int], most: int, opened: int, pinned: int
    ) -> None:
        terms = [(self.count[one, place], float(weight)) for one, weight in weights.items()]
        self.model.at_most(most * pinned, [*terms, (opened, -float(most))])

    def _mediators(self) -> None:
        by_mediator: dict[int, list[int]] = defaultdict(list)
        for service in sorted({service for service, _ in self.count}):
            by_mediator[self.problem.services[service].mediator].append(service)
        for who, services in by_mediator.items():
            self._mediator(who, services)

    def _mediator(self, who: int, services: list[int]) -> None:
        """So many half-days, so many places in each, and one sitting at a time."""
        mediator = self.problem.mediators[who]
        pairs = [pair for pair in self.count if pair[0] in services]
        half_days = {w.half_day for pair in pairs for w in self.windows[pair]}
        longest = max(
            max(w.end for w in found) - min(w.start for w in found)
            for found in _by_half_day([w for pair in pairs for w in self.windows[pair]])
        )
        length = {one: self.problem.services[one].length for one in services}
        terms = [(self.count[pair], float(length[pair[0]])) for pair in pairs]
        self.model.at_most(longest * len(half_days), terms)
        visits: dict[int, int] = {}
        for place in sorted({place for _, place in pairs}):
            here = [pair for pair in pairs if pair[1] == place]
            days = {w.half_day for pair in here for w in self.windows[pair]}
            visits[place] = self.model.var(most=len(days), whole=False)
            for pair in here:
                self.model.at_most(0, [(self.count[pair], 1), (visits[place], -1)])
            held = [(self.count[pair], float(length[pair[0]])) for pair in here]
            self.model.at_most(0, [*held, (visits[place], -float(longest))])
        most = mediator.most_places * len(half_days)
        self.model.at_most(most, [(one, 1) for one in visits.values()])
        self._roads(visits, len(half_days))

    def _roads(self, visits: dict[int, int], half_days: int) -> None:
        """More visits than half-days: that many roads, none shorter than the shortest."""
        places = sorted(visits)
        roads = [self.problem.travel[a][b] for a in places for b in places if a < b]
        if not roads:
            return
        cost = -self.problem.weights.minute * min(roads)
        moves = self.model.var(cost, most=len(places) * half_days, whole=False)
        self.model.at_most(half_days, [*((one, 1.0) for one in visits.values()), (moves, -1.0)])

    def pairs_of(self, outcome: Outcome) -> frozenset[tuple[int, int]]:
        if outcome.values is None:
            return frozenset()
        values = outcome.values
        return frozenset(pair for pair, there in self.there.items() if values[there] > 0.01)


def _by_half_day(windows: list[Window]) -> list[list[Window]]:
    found: dict[int, list[Window]] = defaultdict(list)
    for one in windows:
        found[one.half_day].append(one)
    return list(found.values())


def _dual(length: int, size: int, part: int) -> int:
    """Fekete and Schepers: sizes that fit in a bin weigh at most `part` together."""
    if (part + 1) * length % size == 0:
        # An exact share keeps its own size; rounded down, so that the sum stays a bound.
        return floor(part * length / size)
    return floor((part + 1) * length / size)
