"""What is to be composed, in whole numbers: positions in lists, quarter-hours, days of the cycle.

A half-day is `2 × day`, plus one after 13:00; a sitting lies within one. The cycle has seven days,
or fourteen when odd and even weeks differ.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from preau.timetables.solving.travel import shortest

#: 13:00, in quarter-hours since midnight.
NOON = 52
DAY = 96


@dataclass(frozen=True, slots=True)
class Room:
    """One space of a place.

    Attributes:
        free: for each day, the quarters that may be taken, as bits.
        pad: quarters left between two sittings (clean-up of one, preparation of the next).
    """

    place: int
    free: tuple[int, ...]
    pad: int = 0


@dataclass(frozen=True, slots=True)
class Mediator:
    """Who holds sittings: one place at a time, several in a half-day if they may travel."""

    half_days: frozenset[int]
    places: frozenset[int]
    most_places: int = 1
    most_travel: int = 0  # minutes between the places of one half-day


@dataclass(frozen=True, slots=True)
class Service:
    """So many sittings a cycle, of that length; `rooms` are those that suit it."""

    sessions: int
    length: int
    priority: int
    rooms: frozenset[int]
    half_days: frozenset[int]
    mediator: int


@dataclass(frozen=True, slots=True, order=True)
class Sitting:
    """A service in a room, from that quarter of that day of the cycle."""

    day: int
    start: int
    room: int
    service: int

    @property
    def half_day(self) -> int:
        return half_day_of(self.day, self.start)


@dataclass(frozen=True, slots=True)
class Weights:
    """What things are worth, in inhabitants served by a service of priority 1."""

    session: int = 1000  # a sitting held, whomever it reaches
    half_day: int = 500  # the cost of a place open for half a day
    minute: int = 5  # the cost of a minute on the road between two places


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of a half-day during which a room is free."""

    room: int
    half_day: int
    start: int
    end: int

    @property
    def length(self) -> int:
        return self.end - self.start


@dataclass(frozen=True)
class Problem:
    """Everything that a timetable is composed from.

    Attributes:
        places: how many.
        travel: minutes from place to place.
        demand: inhabitants, and the places within their reach.
        pins: sittings that stand as they are.
        forbidden: (service, place, half-day) that may not be; -1 is any.
        step: sittings start on multiples of that many quarters.
    """

    days: int
    places: int
    rooms: tuple[Room, ...]
    services: tuple[Service, ...]
    mediators: tuple[Mediator, ...]
    travel: tuple[tuple[int, ...], ...]
    demand: tuple[tuple[int, frozenset[int]], ...]
    pins: tuple[Sitting, ...] = ()
    forbidden: frozenset[tuple[int, int, int]] = frozenset()
    weights: Weights = field(default_factory=Weights)
    step: int = 2

    @cached_property
    def windows(self) -> tuple[Window, ...]:
        """Every free stretch, what the pins take set aside."""
        return tuple(self._windows())

    def _windows(self) -> Iterator[Window]:
        taken: dict[tuple[int, int], int] = {}
        for pin in self.pins:
            length, pad = self.services[pin.service].length, self.rooms[pin.room].pad
            first = max(pin.start - pad, 0)
            key = (pin.room, pin.day)
            taken[key] = taken.get(key, 0) | bits(first, pin.start + length + pad)
        for number, room in enumerate(self.rooms):
            for day, free in enumerate(room.free):
                left = free & ~taken.get((number, day), 0)
                for first, last in ((0, NOON), (NOON, DAY)):
                    for start, end in stretches(left & bits(first, last)):
                        yield Window(number, half_day_of(day, start), start, end)

    @cached_property
    def choices(self) -> tuple[tuple[int, ...], ...]:
        """Service → the windows where it may sit, by position."""
        return tuple(
            tuple(n for n, window in enumerate(self.windows) if self.suits(service, window))
            for service in range(len(self.services))
        )

    def suits(self, service: int, window: Window) -> bool:
        wanted = self.services[service]
        who = self.mediators[wanted.mediator]
        place = self.rooms[window.room].place
        first = -(-window.start // self.step) * self.step
        return (
            window.room in wanted.rooms
            and first + wanted.length <= window.end
            and window.half_day in wanted.half_days
            and self.may(service, place, window.half_day)
            and window.half_day in who.half_days
            and place in who.places
        )

    def may(self, service: int, place: int, half_day: int) -> bool:
        """Whether nobody forbade it."""
        if not self.forbidden:
            return True
        return not any(
            (service, p, t) in self.forbidden for p in (place, -1) for t in (half_day, -1)
        )

    def place_of(self, sitting: Sitting) -> int:
        return self.rooms[sitting.room].place

    def end_of(self, sitting: Sitting) -> int:
        return sitting.start + self.services[sitting.service].length

    @cached_property
    def reached(self) -> tuple[tuple[int, ...], ...]:
        """Place → the groups of inhabitants within its reach."""
        return tuple(
            tuple(n for n, (_, near) in enumerate(self.demand) if place in near)
            for place in range(self.places)
        )

    def road(self, places: Iterable[int]) -> int:
        """Minutes of the shortest way through some places."""
        return shortest(sorted(set(places)), self.travel)


def half_day_of(day: int, start: int) -> int:
    return 2 * day + (start >= NOON)


def bits(first: int, end: int) -> int:
    """Quarters first (included) to end (excluded)."""
    return ((1 << max(end - first, 0)) - 1) << first


def stretches(mask: int) -> list[tuple[int, int]]:
    """Runs of set bits as (first, end), in order."""
    found, position = [], 0
    while mask:
        skip = (mask & -mask).bit_length() - 1
        mask >>= skip
        position += skip
        length = (~mask & (mask + 1)).bit_length() - 1
        found.append((position, position + length))
        mask >>= length
        position += length
    return found


def covered(problem: Problem, places: Iterable[int]) -> int:
    """Inhabitants within reach of one of the places."""
    groups = {group for place in places for group in problem.reached[place]}
    return sum(problem.demand[group][0] for group in groups)


def value_of(problem: Problem, sittings: Iterable[Sitting]) -> int:
    """The whole objective, from the sittings alone."""
    sittings = sorted(sittings)
    weights, total = problem.weights, 0
    where: dict[int, set[int]] = {}
    for one in sittings:
        where.setdefault(one.service, set()).add(problem.place_of(one))
        total += weights.session * problem.services[one.service].priority
    for service, places in where.items():
        total += problem.services[service].priority * covered(problem, places)
    staffed = {(problem.place_of(one), one.half_day) for one in sittings}
    on_the_road = sum(minutes for _, minutes in rounds(problem, sittings))
    return total - weights.half_day * len(staffed) - weights.minute * on_the_road


def rounds(
    problem: Problem, sittings: Iterable[Sitting]
) -> list[tuple[tuple[int, int, list[Sitting]], int]]:
    """((mediator, half-day, sittings in order), minutes between its places)."""
    found: dict[tuple[int, int], list[Sitting]] = {}
    for one in sorted(sittings):
        key = (problem.services[one.service].mediator, one.half_day)
        found.setdefault(key, []).append(one)
    return [
        ((who, half_day, stops), minutes_between(problem, stops))
        for (who, half_day), stops in sorted(found.items())
    ]


def minutes_between(problem: Problem, stops: list[Sitting]) -> int:
    where = [problem.place_of(one) for one in stops]
    return sum(problem.travel[here][there] for here, there in itertools.pairwise(where))
