"""What publishing would do: the dates in each place, those that somebody has already."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from preau.accounts.actors import Actor
from preau.availability.queries.space import Timeline, timelines
from preau.core.french import rank
from preau.core.timeranges import Period, local_instant
from preau.places.models import Place, Space
from preau.timetables import perms, seasons
from preau.timetables.models import Hosting, ServiceNeed, Session, Timetable


class Held(Protocol):
    """A sitting of the grid, or of what is published."""

    @property
    def day(self) -> int: ...
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def need(self) -> ServiceNeed: ...


@dataclass(frozen=True, slots=True)
class Clash:
    """A date on which the space cannot be had."""

    day: date
    space: Space
    need: ServiceNeed
    why: str  # "fermé", "déjà pris"


@dataclass
class Plan:
    """What one place would host."""

    place: Place
    is_ours: bool
    held: list[tuple[Held, Space, list[Period]]] = field(default_factory=list)
    clashes: list[Clash] = field(default_factory=list)

    @property
    def count(self) -> int:
        return sum(len(periods) for _, _, periods in self.held)


def plans(timetable: Timetable, sessions: Sequence[Session], actor: Actor) -> list[Plan]:
    """One a place, in order of name."""
    pairs = [(one, one.candidate.space) for one in sessions]
    by_place: dict[int, list[tuple[Held, Space]]] = defaultdict(list)
    places = {space.place_id: space.place for _, space in pairs}
    for one, space in pairs:
        by_place[space.place_id].append((one, space))
    found = [
        _plan(timetable, places[pk], held, is_ours=perms.runs(actor, places[pk]))
        for pk, held in by_place.items()
    ]
    return sorted(found, key=lambda plan: (rank(plan.place.name), plan.place.pk))


def hosting_plan(hosting: Hosting) -> Plan:
    """The same for what was asked of one place."""
    rows = hosting.residencies.select_related("need__mediator", "need__provider", "space__place")
    held: list[tuple[Held, Space]] = [(one, one.space) for one in rows]
    return _plan(hosting.timetable, hosting.place, held, is_ours=True)


def _plan(
    timetable: Timetable, place: Place, held: Sequence[tuple[Held, Space]], *, is_ours: bool
) -> Plan:
    plan, days = Plan(place, is_ours), list(seasons.dates(timetable, place))
    spaces = list({space.pk: space for _, space in held}.values())
    lines = timelines(spaces, days[0], days[-1]) if days else {}
    for one, space in held:
        periods = []
        for day in days:
            if seasons.cycle_day(timetable, day) != one.day:
                continue
            period = period_of(place, day, one)
            why = _clash(lines[space.pk], period)
            if why:
                plan.clashes.append(Clash(day, space, one.need, why))
            else:
                periods.append(period)
        plan.held.append((one, space, periods))
    plan.clashes.sort(key=lambda clash: (clash.day, clash.space.name))
    return plan


def period_of(place: Place, day: date, one: Held) -> Period:
    """The instants of that sitting on that day, in the time of the place."""
    zone = place.zone
    return Period(local_instant(day, one.start, zone), local_instant(day, one.end, zone))


def _clash(line: Timeline, period: Period) -> str:
    if not line.is_open(period):
        return "fermé"
    return "" if line.free_lanes(period) else "déjà pris"
