"""Which sitting in which window: the whole objective over a chosen part of the timetable.

Hours within a window are left to `packing`; what it proves impossible comes back as a cut.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

from preau.timetables.solving.model import Model, Outcome
from preau.timetables.solving.packing import Visit
from preau.timetables.solving.problem import Problem, Sitting, Window, rounds, value_of


class HalfDays:
    """The program over some (service, window), everything else being as `problem.pins`."""

    def __init__(self, problem: Problem, allowed: Sequence[Collection[int]]) -> None:
        self.problem = problem
        self.model = Model()
        self.chosen: dict[tuple[int, int], int] = {}
        self.visits: dict[Visit, list[int]] = defaultdict(list)
        self.people: dict[int, list[tuple[int, int]]] = defaultdict(list)
        self.there: dict[tuple[int, int], int] = {}
        self.opened: dict[tuple[int, int], int] = {}
        self.goes: dict[tuple[int, int, int], int] = {}
        self.roads: dict[tuple[int, int], int] = {}
        self.known: set[tuple[int, int, frozenset[int]]] = set()
        self._read_pins()
        self._sittings(allowed)
        self._people()
        self._open_places()
        self._rooms()
        self._mediators()

    def _read_pins(self) -> None:
        problem = self.problem
        self.pinned = {
            Visit(pin.half_day, problem.place_of(pin), pin.service) for pin in problem.pins
        }
        self.pinned_open = {(one.place, one.half_day) for one in self.pinned}
        self.pinned_count = [0] * len(problem.services)
        for pin in problem.pins:
            self.pinned_count[pin.service] += 1
        #: (mediator, half-day) → the places where pins put them, and their road.
        self.pinned_rounds = {
            (who, half_day): ({problem.place_of(stop) for stop in stops}, minutes)
            for (who, half_day, stops), minutes in rounds(problem, problem.pins)
        }
        self.constant = value_of(problem, problem.pins)

    def _sittings(self, allowed: Sequence[Collection[int]]) -> None:
        problem = self.problem
        by_service: dict[int, list[int]] = defaultdict(list)
        for service, windows in enumerate(allowed):
            left = problem.services[service].sessions - self.pinned_count[service]
            if left <= 0:
                continue
            gain = problem.services[service].priority * problem.weights.session
            for number in sorted(windows):
                window = problem.windows[number]
                visit = Visit(window.half_day, problem.rooms[window.room].place, service)
                if visit in self.pinned:
                    continue
                column = self.model.var(gain)
                self.chosen[service, number] = column
                self.visits[visit].append(column)
                by_service[service].append(column)
            self.model.at_most(left, [(one, 1) for one in by_service[service]])
        for columns in self.visits.values():
            if len(columns) > 1:
                self.model.at_most(1, [(one, 1) for one in columns])

    def _people(self) -> None:
        problem = self.problem
        at: dict[tuple[int, int], list[int]] = defaultdict(list)
        for visit, columns in self.visits.items():
            at[visit.service, visit.place] += columns
        for pair, columns in at.items():
            self.there[pair] = self.model.var(whole=False)
            terms = [(self.there[pair], 1.0), *((one, -1.0) for one in columns)]
            self.model.at_most(0, terms)
        pinned = {(one.service, one.place) for one in self.pinned}
        for service in sorted({service for service, _ in at}):
            for group, (people, near) in enumerate(problem.demand):
                if any((service, place) in pinned for place in near):
                    continue
                there = [self.there[service, p] for p in sorted(near) if (service, p) in at]
                if there:
                    gain = people * problem.services[service].priority
                    reached = self.model.var(gain, whole=False)
                    self.people[service].append((group, reached))
                    self.model.at_most(0, [(reached, 1), *((one, -1) for one in there)])

    def _open_places(self) -> None:
        for visit, columns in self.visits.items():
            key = (visit.place, visit.half_day)
            if key in self.pinned_open:
                continue
            if key not in self.opened:
                self.opened[key] = self.model.var(-self.problem.weights.half_day)
            self.model.at_most(0, [*((one, 1.0) for one in columns), (self.opened[key], -1.0)])

    def _rooms(self) -> None:
        """What fits in each window, one sitting after the other."""
        problem = self.problem
        by_window: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for (service, number), column in self.chosen.items():
            by_window[number].append((service, column))
        for number, found in by_window.items():
            window = problem.windows[number]
            pad = problem.rooms[window.room].pad
            terms = [(column, float(problem.services[s].length + pad)) for s, column in found]
            self.model.at_most(window.length + pad, terms)

    def _mediators(self) -> None:
        by_round: dict[tuple[int, int], dict[Visit, list[int]]] = defaultdict(dict)
        for visit, columns in self.visits.items():
            who = self.problem.services[visit.service].mediator
            by_round[who, visit.half_day][visit] = columns
        for (who, half_day), visits in sorted(by_round.items()):
            self._round(who, half_day, visits)

    def _round(self, who: int, half_day: int, visits: dict[Visit, list[int]]) -> None:
        problem, mediator = self.problem, self.problem.mediators[who]
        pinned, road = self.pinned_rounds.get((who, half_day), (set(), 0))
        places = sorted({visit.place for visit in visits})
        for place in places:
            goes = self.model.var()
            self.goes[who, place, half_day] = goes
            for visit, columns in visits.items():
                if visit.place == place:
                    self.model.at_most(0, [*((one, 1.0) for one in columns), (goes, -1.0)])
        others = [self.goes[who, p, half_day] for p in places if p not in pinned]
        self.model.at_most(max(mediator.most_places - len(pinned), 0), [(o, 1) for o in others])
        held = [
            (column, float(problem.services[visit.service].length))
            for visit, columns in visits.items()
            for column in columns
        ]
        span = self._span(visits)
        if mediator.most_places == 1:
            self.model.at_most(span, held)
            return
        cost = self.model.var(-problem.weights.minute, most=mediator.most_travel, whole=False)
        self.roads[who, half_day] = cost
        self.model.at_most(span, [*held, (cost, 1 / 15)])
        self._between(who, half_day, places, pinned, road)

    def _span(self, visits: Iterable[Visit]) -> int:
        windows = [self.problem.windows[n] for visit in visits for n in self._windows_of(visit)]
        return max(w.end for w in windows) - min(w.start for w in windows)

    def _windows_of(self, visit: Visit) -> list[int]:
        problem = self.problem
        return [
            n
            for n in problem.choices[visit.service]
            if problem.windows[n].half_day == visit.half_day
            and problem.rooms[problem.windows[n].room].place == visit.place
        ]

    def _between(
        self, who: int, half_day: int, places: list[int], pinned: set[int], road: int
    ) -> None:
        """The way through several places is no shorter than between two of them. What pins travel
        already is counted in the constant: only what is added costs."""
        travel, cost = self.problem.travel, self.roads[who, half_day]
        most = self.problem.mediators[who].most_travel
        for n, here in enumerate(places):
            goes = self.goes[who, here, half_day]
            for there in pinned - {here}:
                minutes = travel[here][there]
                if minutes > most:
                    self.model.at_most(0, [(goes, 1)])
                self.model.at_most(road, [(goes, minutes), (cost, -1)])
            for there in places[n + 1 :]:
                other, minutes = self.goes[who, there, half_day], travel[here][there]
                if minutes > most:
                    self.model.at_most(1, [(goes, 1), (other, 1)])
                terms = [(goes, minutes), (other, minutes), (cost, -1)]
                self.model.at_most(minutes + road, terms)

    # --- What packing says

    def forbid(self, visits: Collection[Visit]) -> None:
        """These cannot all be held."""
        columns = [column for visit in visits for column in self.visits[visit]]
        self.model.at_most(len(visits) - 1, [(one, 1) for one in columns])

    def lengthen(self, who: int, half_day: int, places: Collection[int], minutes: int) -> bool:
        """Going to all of these takes that long; whether it was not known already."""
        key = (who, half_day, frozenset(places))
        if key in self.known:
            return False
        self.known.add(key)
        pinned, road = self.pinned_rounds.get((who, half_day), (set(), 0))
        minutes -= road
        goes = [self.goes[who, place, half_day] for place in places if place not in pinned]
        terms = [(one, float(minutes)) for one in goes]
        limit = minutes * (len(goes) - 1)
        self.model.at_most(limit, [*terms, (self.roads[who, half_day], -1)])
        return True

    # --- Solving

    def solve(
        self, seconds: float, *, start: Sequence[Sitting], gap: float = 0.0, seed: int = 0
    ) -> tuple[list[Visit] | None, float]:
        """The visits chosen beside the pins, and the bound of this part."""
        outcome = self.model.solve(seconds, gap=gap, seed=seed, start=self._values(start))
        return self._chosen(outcome), self.constant + outcome.bound

    def _chosen(self, outcome: Outcome) -> list[Visit] | None:
        if outcome.values is None:
            return None
        values = outcome.values
        return sorted(
            visit
            for visit, columns in self.visits.items()
            if any(values[column] > 0.5 for column in columns)
        )

    def _values(self, sittings: Sequence[Sitting]) -> list[float] | None:
        """A known timetable as values of the variables; None when a part of it is not allowed."""
        problem, values = self.problem, [0.0] * self.model.size
        held: dict[int, set[int]] = defaultdict(set)
        trips: dict[tuple[int, int], list[Sitting]] = defaultdict(list)
        for one in sorted(sittings):
            who, place = problem.services[one.service].mediator, problem.place_of(one)
            held[one.service].add(place)
            trips[who, one.half_day].append(one)
            if one in problem.pins:
                continue
            column = self.chosen.get((one.service, self._window(one)))
            if column is None:
                return None
            values[column] = 1.0
            for key, known in (
                ((place, one.half_day), self.opened),
                ((who, place, one.half_day), self.goes),
                ((one.service, place), self.there),
            ):
                if key in known:
                    values[known[key]] = 1.0  # type: ignore[index]
        for service, groups in self.people.items():
            for group, column in groups:
                values[column] = float(bool(problem.demand[group][1] & held[service]))
        for key, column in self.roads.items():
            road = self.pinned_rounds.get(key, (set(), 0))[1]
            stops = [problem.place_of(one) for one in trips[key]]
            made = sum(problem.travel[a][b] for a, b in itertools.pairwise(stops))
            values[column] = float(max(made - road, 0))
        return values

    def _window(self, one: Sitting) -> int:
        def holds(window: Window) -> bool:
            return (
                window.room == one.room
                and window.half_day == one.half_day
                and window.start <= one.start
                and self.problem.end_of(one) <= window.end
            )

        choices = self.problem.choices[one.service]
        return next((n for n in choices if holds(self.problem.windows[n])), -1)
