"""A timetable being filled: what is free, who is where, what one more sitting would bring."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from math import ceil

from preau.timetables.solving.problem import (
    DAY,
    NOON,
    Problem,
    Sitting,
    bits,
    minutes_between,
)


class Board:
    """Sittings that may all be held together; `add` trusts `refusal`."""

    def __init__(self, problem: Problem, sittings: Iterable[Sitting] = ()) -> None:
        self.problem = problem
        self.sittings: set[Sitting] = set()
        self.free = {
            (number, day): mask
            for number, room in enumerate(problem.rooms)
            for day, mask in enumerate(room.free)
        }
        self.lines: dict[tuple[int, int], list[Sitting]] = {}
        self.staffed: Counter[tuple[int, int]] = Counter()
        self.held: Counter[int] = Counter()
        self.there: Counter[tuple[int, int, int]] = Counter()
        self.seen = [[0] * len(problem.demand) for _ in problem.services]
        for one in (*problem.pins, *(one for one in sittings if one not in problem.pins)):
            self.add(one)

    def add(self, one: Sitting) -> None:
        self._count(one, 1)
        self.sittings.add(one)
        self.free[one.room, one.day] &= ~self._mask(one)
        line = self.lines.setdefault((self._who(one), one.day), [])
        line.append(one)
        line.sort(key=lambda stop: stop.start)

    def remove(self, one: Sitting) -> None:
        self._count(one, -1)
        self.sittings.remove(one)
        self.lines[self._who(one), one.day].remove(one)
        free = self.problem.rooms[one.room].free[one.day]
        for other in self.sittings:
            if (other.room, other.day) == (one.room, one.day):
                free &= ~self._mask(other)
        self.free[one.room, one.day] = free

    def _who(self, one: Sitting) -> int:
        return self.problem.services[one.service].mediator

    def _mask(self, one: Sitting) -> int:
        pad = self.problem.rooms[one.room].pad
        return bits(max(one.start - pad, 0), self.problem.end_of(one) + pad)

    def _count(self, one: Sitting, change: int) -> None:
        place = self.problem.place_of(one)
        self.held[one.service] += change
        self.staffed[place, one.half_day] += change
        self.there[one.service, place, one.half_day] += change
        for group in self.problem.reached[place]:
            self.seen[one.service][group] += change

    def new_people(self, service: int, place: int) -> int:
        """Inhabitants that the service does not reach yet and would from there."""
        seen = self.seen[service]
        demand = self.problem.demand
        return sum(demand[g][0] for g in self.problem.reached[place] if not seen[g])

    def worth(self, service: int, place: int) -> int:
        """What a sitting there brings, its costs aside."""
        priority = self.problem.services[service].priority
        return priority * (self.new_people(service, place) + self.problem.weights.session)

    def gain(self, one: Sitting) -> int:
        """What it would add to the objective."""
        weights, place = self.problem.weights, self.problem.place_of(one)
        gain = self.worth(one.service, place)
        if not self.staffed[place, one.half_day]:
            gain -= weights.half_day
        stops = self._stops(one)
        before = minutes_between(self.problem, stops)
        after = minutes_between(self.problem, self._with(stops, one))
        return gain - weights.minute * (after - before)

    def _stops(self, one: Sitting) -> list[Sitting]:
        line = self.lines.get((self._who(one), one.day), [])
        return [stop for stop in line if stop.half_day == one.half_day]

    @staticmethod
    def _with(stops: list[Sitting], one: Sitting) -> list[Sitting]:
        return sorted([*stops, one], key=lambda stop: stop.start)

    def refusal(self, one: Sitting) -> str:
        """Why it may not be held beside the others, in one word; "" when it may."""
        problem, service = self.problem, self.problem.services[one.service]
        place, who = problem.place_of(one), problem.mediators[service.mediator]
        wanted = bits(one.start, problem.end_of(one))
        across_noon = one.start < NOON < problem.end_of(one)
        faults = {
            "enough": self.held[one.service] >= service.sessions,
            "room": one.room not in service.rooms,
            "reach": place not in who.places,
            "days": one.half_day not in service.half_days & who.half_days,
            "forbidden": not problem.may(one.service, place, one.half_day),
            "twice": self.there[one.service, place, one.half_day] > 0,
            "closed": across_noon or wanted & ~problem.rooms[one.room].free[one.day] != 0,
            "taken": wanted & ~self.free[one.room, one.day] != 0,
        }
        first = next((word for word, wrong in faults.items() if wrong), "")
        return first or self._round_refusal(one)

    def _round_refusal(self, one: Sitting) -> str:
        problem, place = self.problem, self.problem.place_of(one)
        for other in self.lines.get((self._who(one), one.day), []):
            there = problem.place_of(other)
            road = ceil(problem.travel[there][place] / 15)
            if one.start < problem.end_of(other) + road and other.start < (
                problem.end_of(one) + road
            ):
                return "mediator"
        stops = self._with(self._stops(one), one)
        who = problem.mediators[self._who(one)]
        places = {problem.place_of(stop) for stop in stops}
        if len(places) > who.most_places:
            return "places"
        if len(places) > 1 and minutes_between(problem, stops) > who.most_travel:
            return "travel"
        return ""

    def openings(self, service: int, place: int) -> Iterator[Sitting]:
        """Sittings that could be added, at most the two first starts of each free stretch."""
        problem = self.problem
        length = problem.services[service].length
        for number in problem.choices[service]:
            window = problem.windows[number]
            if problem.rooms[window.room].place != place:
                continue
            day, found = window.half_day // 2, 0
            first = -(-window.start // problem.step) * problem.step
            for start in range(first, min(window.end, DAY) - length + 1, problem.step):
                wanted = bits(start, start + length)
                if wanted & ~self.free[window.room, day]:
                    continue
                one = Sitting(day, start, window.room, service)
                if not self.refusal(one):
                    yield one
                    found += 1
                    if found == 2:
                        break

    def best(self, service: int, place: int) -> tuple[int, Sitting] | None:
        """The sitting of the service there that brings most."""
        found = [(self.gain(one), one) for one in self.openings(service, place)]
        return max(found, key=lambda pair: (pair[0], -pair[1].day, -pair[1].start), default=None)
