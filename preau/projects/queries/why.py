"""« Pourquoi ici »: the place of a project in the inbox, in the words of whoever reads it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from preau.core.formats import count, day, hour, local
from preau.core.french import rank
from preau.projects.enums import Priority, ProjectState
from preau.projects.models import Absence, Programme, Project, ProjectProgramme

S = ProjectState


@dataclass(frozen=True, slots=True)
class Row:
    """A project of the inbox.

    Attributes:
        why: what puts it here, the strongest reason first.
        until: before when somebody must act, where there is a delay.
        away_until: the last day of absence of the person in charge, when away today.
    """

    project: Project
    why: list[str]
    until: datetime | None
    is_late: bool
    is_soon: bool
    programmes: list[str]
    away_until: date | None

    @property
    def zone(self) -> ZoneInfo:
        return self.project.zone

    @property
    def is_new(self) -> bool:
        return bool(self.project.state == S.DEPOSITED)


def until_of(project: Project) -> datetime | None:
    """Before when: to take it into account, then the day that was set for it."""
    if project.state == S.DEPOSITED:
        return project.acknowledge_by
    if project.state == S.ACKNOWLEDGED and project.due_on:
        return datetime.combine(project.due_on, time(23, 59), tzinfo=project.zone)
    return None


def rows_of(projects: Sequence[Project], as_of: datetime, soon: datetime) -> list[Row]:
    """Two statements for a page: its programmes, who of those in charge is away."""
    programmes, away = _programmes(projects), _away(projects, as_of)
    found = []
    for one in projects:
        until = until_of(one)
        late, nearly = bool(until and until <= as_of), bool(until and as_of < until <= soon)
        why = [_priority(one), _delay(one, until, late, nearly)]
        today = local(as_of, one.zone).date()
        why += [_programme(programme, today) for programme in programmes[one.pk][:1]]
        found.append(
            Row(
                project=one,
                why=[words for words in [*why, _age(one, as_of)] if words],
                until=until,
                is_late=late,
                is_soon=nearly,
                programmes=[programme.name for programme in programmes[one.pk]],
                away_until=away.get((one.in_charge_id, one.service_in_charge_id)),
            )
        )
    return found


def _programmes(projects: Sequence[Project]) -> dict[int, list[Programme]]:
    """By project, the weightiest first."""
    joined = ProjectProgramme.objects.filter(
        project__in=[one.pk for one in projects], until=None, programme__active=True
    ).select_related("programme")
    found: dict[int, list[Programme]] = defaultdict(list)
    for row in sorted(joined, key=lambda row: (-row.programme.weight, rank(row.programme.name))):
        found[row.project_id].append(row.programme)
    return found


def _away(
    projects: Sequence[Project], as_of: datetime
) -> dict[tuple[int | None, int | None], date]:
    today = as_of.astimezone(projects[0].zone).date() if projects else as_of.date()
    rows = Absence.objects.filter(
        user__in={one.in_charge_id for one in projects} - {None},
        first_day__lte=today,
        last_day__gte=today,
    )
    return {(row.user_id, row.service_id): row.last_day for row in rows}


def _priority(project: Project) -> str:
    if not project.priority:
        return ""
    label = Priority(project.priority).label.lower()
    return f"Priorité {label} : {project.priority_reason.rstrip('.')}"


def _delay(project: Project, until: datetime | None, late: bool, nearly: bool) -> str:
    if until is None or not (late or nearly):
        return ""
    wall = local(until, project.zone)
    if project.state == S.DEPOSITED:
        when = f"{day(wall.date(), year=False)} à {hour(wall)}"
    else:
        when = day(wall.date(), year=False)
    return f"Délai dépassé depuis le {when}" if late else f"Délai qui s’achève le {when}"


def _programme(programme: Programme, today: date) -> str:
    if not programme.weight and not programme.deadline:
        return ""
    closing = ""
    if programme.deadline and programme.deadline >= today:
        closing = f", dépôt des dossiers avant le {day(programme.deadline, weekday=False)}"
    return f"Programme {programme.name}{closing}"


def _age(project: Project, as_of: datetime) -> str:
    if project.deposited_at is None:
        return ""
    today, then = (local(at, project.zone).date() for at in (as_of, project.deposited_at))
    age = (today - then).days
    return f"Déposé il y a {count(age, 'jour')}" if age > 0 else "Déposé aujourd’hui"
