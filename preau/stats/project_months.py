"""Writing and reading the months of projects."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import Min, QuerySet

from preau.projects.enums import ProjectState
from preau.projects.models import Project
from preau.stats.actions import median_of, share_of, unwritten
from preau.stats.disclosure import LEAST, Protected, protect
from preau.stats.enums import Shown
from preau.stats.models import ProjectMonth
from preau.stats.project_measures import ProjectMeasures, ProjectMonthCount, measure
from preau.stats.queries import SERIES
from preau.territories.models import Departement

COUNTS = ("deposited", "people", "sent", "lifted")


def missing_months() -> list[date]:
    """Months that are over and not yet written, from the first deposit on."""
    filed = Project.objects.exclude(state=ProjectState.DRAFT)
    first = filed.aggregate(first=Min("deposited_at"))["first"]
    return unwritten(first, ProjectMonth)


def write_missing() -> int:
    """Write what is missing, one transaction a month; how many."""
    months = missing_months()
    for month in months:
        write_month(month)
    return len(months)


@transaction.atomic
def write_month(month: date) -> None:
    """Keep what may be shown of a month. Written already, it stays as it is."""
    if ProjectMonth.objects.filter(month=month).exists():
        return
    found = measure(month)
    lines = {code: found.by_departement.get(code, ProjectMeasures()) for code in _codes()}
    protected = {
        name: protect({code: getattr(one, name) for code, one in lines.items()}, month)
        for name in COUNTS
    }
    rows = [
        _row(month, code, one, found, {name: protected[name].cells[code] for name in COUNTS})
        for code, one in sorted(lines.items())
    ]
    rows.append(_country(month, lines, found, protected))
    ProjectMonth.objects.bulk_create(rows, ignore_conflicts=True)


def _codes() -> list[str]:
    """Every département with a project: which lines there are says nothing of the month."""
    known = set(Departement.objects.values_list("code", flat=True))
    filed = Project.objects.exclude(state=ProjectState.DRAFT).order_by()
    return sorted(known & set(filed.values_list("departement_code", flat=True).distinct()))


def _row(
    month: date,
    code: str,
    one: ProjectMeasures,
    found: ProjectMonthCount,
    shown: dict[str, Shown],
) -> ProjectMonth:
    row = ProjectMonth(
        month=month,
        departement_id=code or None,
        acknowledged_minutes=median_of(found.acknowledged.get(code)),
        advised_minutes=median_of(found.advised.get(code)),
        unblocked_minutes=median_of(found.unblocked.get(code)),
    )
    for name, is_shown in shown.items():
        setattr(row, name, getattr(one, name) if is_shown == Shown.YES else None)
        setattr(row, f"{name}_shown", is_shown)
    return row


def _country(
    month: date,
    lines: dict[str, ProjectMeasures],
    found: ProjectMonthCount,
    protected: dict[str, Protected],
) -> ProjectMonth:
    whole = ProjectMeasures(
        **{name: sum(getattr(one, name) for one in lines.values()) for name in COUNTS}
    )
    row = _row(month, "", whole, found, {name: protected[name].total for name in COUNTS})
    row.answered_percent = share_of(found.answered.part, found.answered.whole)
    row.helpful_percent = share_of(found.helpful.part, found.helpful.whole)
    row.granted_kiloeuros = _kiloeuros(found.granted)
    return row


def _kiloeuros(granted: list[int]) -> int | None:
    """In thousands, unless there are few, or one of them makes most of it."""
    if len(granted) < LEAST or 2 * max(granted) > sum(granted):
        return None
    return round(sum(granted) / 100_000)


# --- Reading: at most a few hundred rows, whatever the country holds


def series(departement: Departement | None) -> list[ProjectMonth]:
    """The last months of a département, or of the country (None), oldest first."""
    rows = ProjectMonth.objects.filter(departement=departement).order_by("-month")[:SERIES]
    return list(rows)[::-1]


def months() -> list[date]:
    """Those that can be asked for, the latest first."""
    known = ProjectMonth.objects.filter(departement=None).order_by("-month")
    return list(known.values_list("month", flat=True)[:SERIES])


def by_departement(month: date) -> list[ProjectMonth]:
    rows = ProjectMonth.objects.filter(month=month).exclude(departement=None)
    return list(rows.select_related("departement").order_by("departement_id"))


def departements() -> QuerySet[Departement]:
    """Those with figures."""
    known = ProjectMonth.objects.exclude(departement=None).values("departement")
    return Departement.objects.filter(code__in=known)


def everything() -> QuerySet[ProjectMonth]:
    """For the file: every month, the country first."""
    return ProjectMonth.objects.select_related("departement").order_by("month", "departement_id")


def so_far(departement: Departement | None) -> tuple[int, bool]:
    """Projects deposited since the beginning, from what is published; whether that is all."""
    rows = ProjectMonth.objects.filter(departement=departement)
    values = list(rows.values_list("deposited", flat=True))
    return sum(one or 0 for one in values), None not in values
