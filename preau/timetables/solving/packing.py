"""The hours of one day, exactly: sittings whose place and half-day are chosen, put one after the
other in rooms and in the rounds of mediators, or the proof that they do not fit."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from preau.timetables.solving.problem import Problem, Sitting, Window

#: Steps of the search beyond which it gives up without a proof.
MOST_STEPS = 20_000


@dataclass(frozen=True, slots=True, order=True)
class Visit:
    """A service at a place during a half-day, its room and its hour still to choose."""

    half_day: int
    place: int
    service: int


class TooLong(Exception):
    """The search gave up: neither packed nor proved impossible."""


def groups(problem: Problem, visits: Sequence[Visit]) -> list[list[Visit]]:
    """Visits that have to be packed together: same rooms, or same mediator of the day."""
    heads: dict[object, object] = {}
    padded = [False] * problem.places
    for room in problem.rooms:
        padded[room.place] |= room.pad > 0

    def head(one: object) -> object:
        while heads.setdefault(one, one) != one:
            one = heads[one]
        return one

    for one in visits:
        mediator = ("mediator", problem.services[one.service].mediator, one.half_day // 2)
        heads[head(("rooms", one.place, one.half_day))] = head(mediator)
        if padded[one.place]:  # what ends at noon is cleaned up after
            whole_day = ("rooms", one.place, one.half_day ^ 1)
            heads[head(("rooms", one.place, one.half_day))] = head(whole_day)
    found: dict[object, list[Visit]] = {}
    for one in sorted(visits):
        found.setdefault(head(("rooms", one.place, one.half_day)), []).append(one)
    return list(found.values())


def pack(problem: Problem, visits: Sequence[Visit]) -> list[Sitting] | None:
    """Every visit with its room and hour, the roads as short as they can be; None: impossible.

    Raises:
        TooLong: the search gave up.
    """
    for shortest in (True, False):
        found = _Packing(problem, visits, shortest=shortest).run()
        if found is not None or not _travels(problem, visits):
            return found
    return None


def _travels(problem: Problem, visits: Sequence[Visit]) -> bool:
    return any(
        problem.mediators[problem.services[one.service].mediator].most_places > 1 for one in visits
    )


class _Packing:
    """Depth first: sittings in the order of their hours, each as early as it can be."""

    def __init__(self, problem: Problem, visits: Sequence[Visit], *, shortest: bool) -> None:
        self.problem = problem
        self.steps = 0
        self.pins: dict[tuple[int, int], list[Sitting]] = {}
        for pin in problem.pins:
            who = problem.services[pin.service].mediator
            self.pins.setdefault((who, pin.day), []).append(pin)
        self.windows = {one: self._windows_of(one) for one in visits}
        self.todo = sorted(visits)
        self.most = self._most_travel(shortest=shortest)
        self.ready: dict[tuple[int, int], int] = {}  # (room, day)
        self.lines: dict[tuple[int, int], list[Sitting]] = {}
        self.made: list[Sitting] = []

    def _windows_of(self, visit: Visit) -> list[Window]:
        chosen = (self.problem.windows[n] for n in self.problem.choices[visit.service])
        return [
            one
            for one in chosen
            if one.half_day == visit.half_day and self.problem.rooms[one.room].place == visit.place
        ]

    def _most_travel(self, *, shortest: bool) -> dict[tuple[int, int], int]:
        """(mediator, half-day) → minutes between places that it may take."""
        places: dict[tuple[int, int], set[int]] = {}
        for one in self.todo:
            key = (self.problem.services[one.service].mediator, one.half_day)
            places.setdefault(key, set()).add(one.place)
        return {
            (who, half_day): self.problem.road(where)
            if shortest and not self.pins.get((who, half_day // 2))
            else self.problem.mediators[who].most_travel
            for (who, half_day), where in places.items()
        }

    def run(self) -> list[Sitting] | None:
        return sorted(self.made) if self._next(0) else None

    def _next(self, last: int) -> bool:
        """Place one more, no earlier in the day than the last."""
        if not self.todo:
            return True
        self.steps += 1
        if self.steps > MOST_STEPS:
            raise TooLong
        for visit in list(self.todo):
            tried = set()
            for window in self.windows[visit]:
                start = self._earliest(visit, window)
                key = (start, window.end, self.problem.rooms[window.room].pad, self._kind(window))
                if start is None or start < last or key in tried:
                    continue
                tried.add(key)
                if self._with(visit, window, start):
                    return True
        return False

    def _kind(self, window: Window) -> tuple[bool, ...]:
        """Rooms that suit the same services are alike."""
        services = self.problem.services
        return tuple(window.room in services[one.service].rooms for one in self.todo)

    def _with(self, visit: Visit, window: Window, start: int) -> bool:
        one = Sitting(visit.half_day // 2, start, window.room, visit.service)
        service = self.problem.services[visit.service]
        line = self.lines.setdefault((service.mediator, one.day), [])
        room = (window.room, one.day)
        before = self.ready.get(room, 0)
        self.ready[room] = start + service.length + self.problem.rooms[window.room].pad
        line.append(one)
        self.todo.remove(visit)
        self.made.append(one)
        if self._is_short(service.mediator, visit.half_day, line) and self._next(start):
            return True
        self.made.pop()
        self.todo.append(visit)
        self.todo.sort()
        line.pop()
        self.ready[room] = before
        return False

    def _is_short(self, who: int, half_day: int, line: list[Sitting]) -> bool:
        pins = self.pins.get((who, half_day // 2), [])
        stops = sorted(one for one in (*line, *pins) if one.half_day == half_day)
        places = [self.problem.place_of(one) for one in stops]
        minutes = sum(self.problem.travel[a][b] for a, b in itertools.pairwise(places))
        return len(set(places)) < 2 or minutes <= self.most[who, half_day]

    def _earliest(self, visit: Visit, window: Window) -> int | None:
        """The first hour at which the room and the mediator are both free."""
        problem, service = self.problem, self.problem.services[visit.service]
        ready = self.ready.get((window.room, window.half_day // 2), 0)
        start, step = max(window.start, ready), problem.step
        who = (service.mediator, visit.half_day // 2)
        for other in self.lines.get(who, []):
            start = max(start, problem.end_of(other) + self._road(other, visit.place))
        start = -(-start // step) * step
        for pin in sorted(self.pins.get(who, [])):
            road = self._road(pin, visit.place)
            if start < problem.end_of(pin) + road and pin.start < start + service.length + road:
                start = -(-(problem.end_of(pin) + road) // step) * step
        return start if start + service.length <= window.end else None

    def _road(self, other: Sitting, place: int) -> int:
        return ceil(self.problem.travel[self.problem.place_of(other)][place] / 15)
