"""From the tables to a problem for the solver, and back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from typing import TypeVar

from django.db.models import Q

from preau.availability.bits import day_length, span
from preau.availability.queries.space import Timeline, timelines
from preau.core.french import by_name
from preau.core.timeranges import local_instant
from preau.places.models import Place, Space
from preau.territories.areas import area, communes_of
from preau.territories.distances import in_box, km_between
from preau.timetables import seasons
from preau.timetables.enums import Part
from preau.timetables.keeping import keep
from preau.timetables.models import (
    Candidate,
    Mediator,
    ServiceNeed,
    Session,
    Timetable,
)
from preau.timetables.solving import problem as solving
from preau.timetables.solving.problem import Problem, Sitting, Weights

#: Roads are longer than birds fly, and cars slower than they could be.
ROAD_FACTOR = 1.3
KM_AN_HOUR = 50
#: The timelines of a season are read by so many days.
CHUNK = timedelta(days=92)
QUARTERS = 96
T = TypeVar("T")
#: Of the communes near a place, where they are more.
MOST_COMMUNES = 6000


@dataclass(frozen=True)
class Built:
    """A problem, and what its numbers stand for."""

    timetable: Timetable
    problem: Problem
    needs: Sequence[ServiceNeed]
    candidates: Sequence[Candidate]
    places: Sequence[Place]
    mediators: Sequence[Mediator | None]  # None: somebody of the service itself
    reachable: int  # inhabitants of the territory within reach of a place

    @cached_property
    def need_number(self) -> dict[int, int]:
        return {need.pk: number for number, need in enumerate(self.needs)}

    @cached_property
    def room_number(self) -> dict[int, int]:
        return {one.pk: number for number, one in enumerate(self.candidates)}

    def sitting(self, session: Session) -> Sitting:
        return Sitting(
            session.day,
            session.start // 15,
            self.room_number[session.candidate_id],
            self.need_number[session.need_id],
        )

    def row(self, one: Sitting) -> list[int]:
        """[need, candidate, day, minute], as runs keep it."""
        return [
            self.needs[one.service].pk,
            self.candidates[one.room].pk,
            one.day,
            15 * one.start,
        ]


def build(timetable: Timetable, *, kept: bool = False) -> Built:
    """Everything that the solver needs, in a dozen queries.

    Args:
        kept: for a page: who lives near and when spaces are free as they were read a while ago for
            this version of the grid. What is computed or published is always read again.
    """
    needs = list(timetable.needs.select_related("mediator__base"))
    candidates = list(
        timetable.candidates.select_related("space__place__commune", "space__place__owner")
        .prefetch_related("space__equipment")
        .order_by(*by_name("space__place__name"), "space__place_id", *by_name("space__name"), "id")
    )
    places = list({one.space.place_id: one.space.place for one in candidates}.values())
    number = {place.pk: n for n, place in enumerate(places)}
    named = list(timetable.mediators.select_related("base"))
    mediators: list[Mediator | None] = [*named, *(None for one in needs if not one.mediator_id)]
    own = iter(range(len(named), len(mediators)))
    rank = {one.pk: n for n, one in enumerate(named)}
    demand, reachable = _read(
        "demand", timetable, candidates, lambda: _demand(timetable, places), kept=kept
    )
    free = _read("free", timetable, candidates, lambda: _free(timetable, candidates), kept=kept)
    problem = Problem(
        days=timetable.days,
        places=len(places),
        rooms=tuple(
            solving.Room(number[one.space.place_id], free[one.space_id], _pad(one.space))
            for one in candidates
        ),
        services=tuple(
            _service(timetable, one, candidates, rank.get(one.mediator_id or 0, -1), own)
            for one in needs
        ),
        mediators=tuple(_mediator(timetable, one, places) for one in mediators),
        travel=tuple(tuple(minutes_between(a, b) for b in places) for a in places),
        demand=demand,
        forbidden=_forbidden(timetable, needs, number),
        weights=Weights(timetable.session_worth, timetable.half_day_cost, timetable.minute_cost),
    )
    built = Built(timetable, problem, needs, candidates, places, mediators, reachable)
    pins = tuple(built.sitting(one) for one in timetable.sessions.filter(is_pinned=True))
    pinned = replace(problem, pins=tuple(sorted(set(pins))))
    return Built(timetable, pinned, needs, candidates, places, mediators, reachable)


def _read(
    name: str,
    timetable: Timetable,
    candidates: Sequence[Candidate],
    make: Callable[[], T],
    *,
    kept: bool,
) -> T:
    return keep(name, timetable, candidates, make) if kept else make()


def _pad(space: Space) -> int:
    return (space.buffer_before + space.buffer_after) // 15


def minutes_between(one: Place, other: Place) -> int:
    km = km_between(one.latitude, one.longitude, other.latitude, other.longitude)
    return round(km * ROAD_FACTOR * 60 / KM_AN_HOUR)


def _half_days(timetable: Timetable, weekdays: Iterable[int], part: str) -> frozenset[int]:
    halves = {Part.MORNING: (0,), Part.AFTERNOON: (1,)}.get(Part(part), (0, 1))
    days = set(weekdays)
    return frozenset(
        2 * day + half for day in range(timetable.days) if day % 7 in days for half in halves
    )


def _service(
    timetable: Timetable,
    need: ServiceNeed,
    candidates: Sequence[Candidate],
    mediator: int,
    own: Iterator[int],
) -> solving.Service:
    rooms = frozenset(n for n, one in enumerate(candidates) if not unfit(need, one))
    return solving.Service(
        sessions=need.sessions,
        length=need.minutes // 15,
        priority=need.priority,
        rooms=rooms,
        half_days=_half_days(timetable, need.weekdays, need.part),
        mediator=mediator if mediator >= 0 else next(own),
    )


def unfit(need: ServiceNeed, candidate: Candidate) -> str:
    """Why a space does not suit a service, or ""."""
    space = candidate.space
    if space.capacity < need.capacity:
        return "capacity"
    if need.needs_closed_room and not candidate.is_closed_room:
        return "closed_room"
    if set(need.equipment) - {one.kind for one in space.equipment.all()}:
        return "equipment"
    return ""


def _mediator(
    timetable: Timetable, mediator: Mediator | None, places: Sequence[Place]
) -> solving.Mediator:
    everywhere = frozenset(range(len(places)))
    if mediator is None:
        return solving.Mediator(frozenset(range(2 * timetable.days)), everywhere)
    return solving.Mediator(
        half_days=_half_days(timetable, mediator.weekdays, mediator.part),
        places=frozenset(n for n, place in enumerate(places) if _within(mediator, place)),
        most_places=mediator.most_places,
        most_travel=mediator.most_travel,
    )


def minutes_from_base(mediator: Mediator, place: Place) -> int | None:
    """Minutes of road from their base, when it is known."""
    if mediator.base is None:
        return None
    km = km_between(*mediator.base.centre, place.latitude, place.longitude)
    return round(km * ROAD_FACTOR * 60 / KM_AN_HOUR)


def _within(mediator: Mediator, place: Place) -> bool:
    minutes = minutes_from_base(mediator, place)
    return minutes is None or minutes <= mediator.most_from_base


def _forbidden(
    timetable: Timetable, needs: Sequence[ServiceNeed], number: dict[int, int]
) -> frozenset[tuple[int, int, int]]:
    rank = {need.pk: n for n, need in enumerate(needs)}
    return frozenset(
        (
            rank[one.need_id],
            -1 if one.place_id is None else number[one.place_id],
            -1 if one.half_day is None else one.half_day,
        )
        for one in timetable.forbiddings.all()
        if one.place_id is None or one.place_id in number
    )


def _demand(
    timetable: Timetable, places: Sequence[Place]
) -> tuple[tuple[tuple[int, frozenset[int]], ...], int]:
    """Inhabitants by the set of places within their reach; those who reach none count for none."""
    found: Counter[frozenset[int]] = Counter()
    for people, latitude, longitude in _communes(timetable, places):
        near = frozenset(
            n
            for n, place in enumerate(places)
            if ROAD_FACTOR * km_between(latitude, longitude, place.latitude, place.longitude)
            <= timetable.radius_km
        )
        if near:
            found[near] += people
    groups = sorted(found.items(), key=lambda pair: sorted(pair[0]))
    return tuple((people, near) for near, people in groups), sum(found.values())


def _communes(timetable: Timetable, places: Sequence[Place]) -> Iterable[tuple[int, float, float]]:
    """Those that may be near a place; if they are too many, the most inhabited."""
    km = timetable.radius_km / ROAD_FACTOR
    near = Q(pk__in=())
    for latitude, longitude in {(place.latitude, place.longitude) for place in places}:
        near |= in_box(latitude, longitude, km)
    rows = communes_of(area(timetable.area_key)).filter(near, population__gt=0)
    return rows.order_by("-population", "pk").values_list("population", "latitude", "longitude")[
        :MOST_COMMUNES
    ]


# --- When spaces are free over the season


def _free(timetable: Timetable, candidates: Sequence[Candidate]) -> dict[int, tuple[int, ...]]:
    """Space → for each day of the cycle, the quarters free on enough of the season's weeks."""
    spaces = [one.space for one in candidates]
    counts: dict[int, list[list[int]]] = {
        one.pk: [[0] * QUARTERS for _ in range(timetable.days)] for one in spaces
    }
    totals: dict[int, Counter[int]] = {one.pk: Counter() for one in spaces}
    by_place: dict[int, list[date]] = {}
    for space in spaces:
        if space.place_id not in by_place:
            by_place[space.place_id] = list(seasons.dates(timetable, space.place))
    every = [day for days in by_place.values() for day in days]
    first, last = (min(every), max(every)) if every else (date.max, date.min)
    while first <= last:
        end = min(first + CHUNK, last)
        lines = timelines(spaces, first, end)
        for space in spaces:
            for day in by_place[space.place_id]:
                if first <= day <= end:
                    _count(timetable, lines[space.pk], day, counts[space.pk], totals[space.pk])
        first = end + timedelta(days=1)
    return {one.pk: _often(timetable, counts[one.pk], totals[one.pk]) for one in spaces}


def _count(
    timetable: Timetable, line: Timeline, day: date, counts: list[list[int]], total: Counter[int]
) -> None:
    if day_length(day, line.zone) != QUARTERS:
        return  # the two change-over days say nothing of the others
    place = seasons.cycle_day(timetable, day)
    total[place] += 1
    bits = free_bits(line, day)
    row = counts[place]
    while bits:
        low = bits & -bits
        row[low.bit_length() - 1] += 1
        bits ^= low


def free_bits(line: Timeline, day: date) -> int:
    """The quarters of that day when the space is open and nobody has it."""
    taken = line.lanes[0] if line.lanes else 0
    offset = line.position(local_instant(day, 0, line.zone))
    return (line.open & ~taken) >> offset & span(0, QUARTERS)


def _often(timetable: Timetable, counts: list[list[int]], total: Counter[int]) -> tuple[int, ...]:
    first, last = -(-timetable.earliest // 15), timetable.latest // 15
    found = []
    for day, row in enumerate(counts):
        mask = 0
        for quarter in range(first, last):
            if total[day] and 100 * row[quarter] >= timetable.least_share * total[day]:
                mask |= 1 << quarter
        found.append(mask)
    return tuple(found)
