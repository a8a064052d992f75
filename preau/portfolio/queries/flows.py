"""What the last months brought, from the counts made ahead."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Sum

from preau.core import clock
from preau.portfolio.filters import ZONE
from preau.portfolio.models import ProjectFlow
from preau.portfolio.queries.tallies import Reach

MONTHS = 12
_NAMES = ("deposited", "acknowledged", "accompanied", "closed", "turned_away")


@dataclass(frozen=True)
class Month:
    """One month of Paris; the present one is not over."""

    first: date
    deposited: int = 0
    acknowledged: int = 0
    accompanied: int = 0
    closed: int = 0
    turned_away: int = 0
    #: The most that any month shown has, so that bars compare.
    most: int = 1


def months(reach: Reach) -> list[Month]:
    """This month and the eleven before, the oldest first; a month without anything is told too."""
    today = clock.today(ZONE)
    firsts = [_before(today, count) for count in range(MONTHS - 1, -1, -1)]
    rows = ProjectFlow.objects.filter(month__gte=firsts[0])
    if reach.codes is not None:
        rows = rows.filter(departement_code__in=reach.codes)
    summed: Iterable[dict[str, Any]] = (
        rows.order_by().values("month").annotate(**{name: Sum(name) for name in _NAMES})  # type: ignore[assignment]
    )
    found = {row["month"]: {name: row[name] for name in _NAMES} for row in summed}
    most = max((row["deposited"] for row in found.values()), default=1) or 1
    return [Month(first, **found.get(first, {}), most=most) for first in firsts]


def _before(day: date, months: int) -> date:
    """The first day of the month so many months before."""
    number = day.year * 12 + day.month - 1 - months
    return date(number // 12, number % 12 + 1, 1)
