"""Reading the public figures: at most a few hundred rows, whatever the country holds."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet

from preau.stats.models import MonthlyFigure
from preau.territories.models import Departement

SERIES = 24


def series(departement: Departement | None) -> list[MonthlyFigure]:
    """The last months of a département, or of the country (None), oldest first."""
    rows = MonthlyFigure.objects.filter(departement=departement).order_by("-month")[:SERIES]
    return list(rows)[::-1]


def months() -> list[date]:
    """Those that can be asked for, the latest first."""
    known = MonthlyFigure.objects.filter(departement=None).order_by("-month")
    return list(known.values_list("month", flat=True)[:SERIES])


def by_departement(month: date) -> list[MonthlyFigure]:
    rows = MonthlyFigure.objects.filter(month=month).exclude(departement=None)
    return list(rows.select_related("departement").order_by("departement_id"))


def departements() -> QuerySet[Departement]:
    """Those with figures."""
    known = MonthlyFigure.objects.exclude(departement=None).values("departement")
    return Departement.objects.filter(code__in=known)


def everything() -> QuerySet[MonthlyFigure]:
    """For the file: every month, the country first."""
    rows = MonthlyFigure.objects.select_related("departement")
    return rows.order_by("month", "departement_id")


#: What a machine reads of a month, by name; a count that is hidden is None.
_FIGURES = (
    *("month", "places", "spaces", "asked", "held", "minutes"),
    *("answer_minutes", "signature_minutes", "online_percent"),
)


def for_machines(code: str) -> list[dict[str, Any]] | None:
    """The same series, for the API; None for a département without figures."""
    departement = departements().filter(code=code).first() if code else None
    if code and departement is None:
        return None
    return [{name: getattr(one, name) for name in _FIGURES} for one in series(departement)]
