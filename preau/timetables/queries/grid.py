"""The grid as pages show it: by place and half-day, by service, by mediator."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from preau.availability.wording import minute_in_words
from preau.core import formats
from preau.core.formats import WEEKDAYS
from preau.core.french import rank
from preau.places.models import Place
from preau.timetables import seasons
from preau.timetables.building import Built, minutes_between, minutes_from_base
from preau.timetables.models import Mediator, Run, ServiceNeed, Session, Timetable
from preau.timetables.queries.conflicts import Conflict, Unplaced, conflicts, unplaced
from preau.timetables.solving.problem import covered


@dataclass(frozen=True, slots=True)
class Line:
    """One sitting, in words."""

    session: Session
    when: str
    hours: str
    conflict: Conflict | None


@dataclass
class HalfDayRow:
    """A place during the mornings, or the afternoons, of one week of the cycle."""

    place: Place
    part: str
    cells: list[list[Line]]


@dataclass
class Week:
    title: str
    days: list[str]
    rows: list[HalfDayRow] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ServiceLine:
    need: ServiceNeed
    held: int
    people: int
    lines: list[Line]


@dataclass(frozen=True, slots=True)
class Stop:
    line: Line
    road: int  # minutes from the stop before; from the base for the first, when it is known


@dataclass(frozen=True, slots=True)
class Round:
    when: str
    stops: list[Stop]


@dataclass(frozen=True, slots=True)
class MediatorLine:
    mediator: Mediator
    rounds: list[Round]


@dataclass
class Grid:
    """Everything a page says of the grid."""

    weeks: list[Week]
    services: list[ServiceLine]
    mediators: list[MediatorLine]
    conflicts: list[Conflict]
    unplaced: list[Unplaced]
    sessions: int
    wanted: int
    half_days: int
    people: int
    reachable: int

    @property
    def placed_words(self) -> str:
        return f"{self.sessions} sur {self.wanted}"

    @property
    def people_words(self) -> str:
        return formats.number(self.people)

    @property
    def reachable_words(self) -> str:
        return f"Sur {formats.number(self.reachable)} à portée d’un des lieux retenus."

    @property
    def together(self) -> str:
        """Services met in one visit, on average."""
        return formats.number(self.sessions / self.half_days, 1) if self.half_days else "0"


def sessions_of(timetable: Timetable) -> list[Session]:
    return list(
        timetable.sessions.select_related(
            "need__mediator__base", "candidate__space__place__commune", "need__provider"
        )
    )


def grid(built: Built, sessions: Sequence[Session]) -> Grid:
    found = conflicts(built, sessions)
    by_session = {one.session.pk: one for one in found}
    lines = [
        Line(
            one,
            seasons.when_words(built.timetable, one.day, one.start, one.end),
            f"{minute_in_words(one.start)} – {minute_in_words(one.end)}",
            by_session.get(one.pk),
        )
        for one in sessions
    ]
    places = {built.problem.place_of(built.sitting(one)) for one in sessions}
    return Grid(
        weeks=_weeks(built.timetable, lines),
        services=_services(built, lines),
        mediators=_mediators(built.timetable, lines),
        conflicts=found,
        unplaced=unplaced(built, sessions),
        sessions=len(sessions),
        wanted=sum(one.sessions for one in built.needs),
        half_days=len({(one.candidate.space.place_id, one.half_day) for one in sessions}),
        people=covered(built.problem, places),
        reachable=built.reachable,
    )


def _weeks(timetable: Timetable, lines: Sequence[Line]) -> list[Week]:
    titles = ["La semaine"] if timetable.cycle == 1 else ["Semaines impaires", "Semaines paires"]
    places = {one.session.candidate.space.place_id: one.session.candidate.space.place
              for one in lines}  # fmt: skip
    used = {one.session.day % 7 for one in lines} | {0, 1, 2, 3, 4}
    days = sorted(used)
    found = []
    for number, title in enumerate(titles):
        week = Week(title, [WEEKDAYS[day] for day in days])
        for place in sorted(places.values(), key=lambda one: (rank(one.name), one.pk)):
            for half, part in enumerate(seasons.HALVES):
                cells = [
                    [
                        one
                        for one in lines
                        if one.session.candidate.space.place_id == place.pk
                        and one.session.half_day == 2 * (day + 7 * number) + half
                    ]
                    for day in days
                ]
                if any(cells):
                    week.rows.append(HalfDayRow(place, part, cells))
        found.append(week)
    return found


def _services(built: Built, lines: Sequence[Line]) -> list[ServiceLine]:
    by_need: dict[int, list[Line]] = defaultdict(list)
    for one in lines:
        by_need[one.session.need_id].append(one)
    return [
        ServiceLine(
            need,
            len(by_need[need.pk]),
            covered(
                built.problem,
                {built.problem.place_of(built.sitting(one.session)) for one in by_need[need.pk]},
            ),
            by_need[need.pk],
        )
        for need in built.needs
    ]


def _mediators(timetable: Timetable, lines: Sequence[Line]) -> list[MediatorLine]:
    trips: dict[int, dict[int, list[Line]]] = defaultdict(lambda: defaultdict(list))
    people: dict[int, Mediator] = {}
    for one in lines:
        mediator = one.session.need.mediator
        if mediator is not None:
            people[mediator.pk] = mediator
            trips[mediator.pk][one.session.half_day].append(one)
    return [
        MediatorLine(
            mediator,
            [
                Round(seasons.half_day_words(timetable, half_day), _stops(mediator, found))
                for half_day, found in sorted(trips[pk].items())
            ],
        )
        for pk, mediator in sorted(people.items(), key=lambda pair: rank(pair[1].name))
    ]


def _stops(mediator: Mediator, lines: Sequence[Line]) -> list[Stop]:
    stops: list[Stop] = []
    before: Place | None = None
    for one in sorted(lines, key=lambda line: line.session.start):
        place = one.session.candidate.space.place
        if before is None:
            road = minutes_from_base(mediator, place) or 0
        else:
            road = minutes_between(before, place)
        stops.append(Stop(one, road))
        before = place
    return stops


def gap_words(gap: float) -> str:
    """« au plus 0,8 % de mieux possible »."""
    if gap < 0.00005:
        return "aucune grille ne peut faire mieux"
    if gap >= 1:
        return "rien ne dit encore si l’on peut faire mieux"
    share = formats.number(max(100 * gap, 0.01), 2 if gap < 0.001 else 1)
    return f"au plus {share}\u00a0% de mieux possible"


def is_current(run: Run, sessions: Sequence[Session]) -> bool:
    """Whether the grid is still the one that was computed."""
    now = {(one.need_id, one.candidate_id, one.day, one.start) for one in sessions}
    return now == {tuple(row) for row in run.sittings}


@dataclass(frozen=True, slots=True)
class Change:
    """A service that two computations hold otherwise."""

    need: ServiceNeed
    first: list[str]
    second: list[str]


def compare(timetable: Timetable, first: Run, second: Run) -> list[Change]:
    """Where they differ, service by service."""
    needs = {one.pk: one for one in timetable.needs.all()}
    spaces = {one.pk: one.space for one in timetable.candidates.select_related("space__place")}

    def said(run: Run) -> dict[int, Counter[str]]:
        found: dict[int, Counter[str]] = defaultdict(Counter)
        for need, candidate, day, start in run.sittings:
            if need in needs and candidate in spaces:
                when = seasons.when_words(timetable, day, start, start + needs[need].minutes)
                found[need][f"{when}, {spaces[candidate].place}, {spaces[candidate]}"] += 1
        return found

    one, other = said(first), said(second)
    return [
        Change(
            need,
            sorted((one[pk] - other[pk]).elements()),
            sorted((other[pk] - one[pk]).elements()),
        )
        for pk, need in needs.items()
        if one[pk] != other[pk]
    ]
