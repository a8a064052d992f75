"""What a contract or a programme covers, and since when: perimeters change, their past is kept."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import QuerySet

from preau.core import clock
from preau.core.french import by_name
from preau.portfolio.filters import ZONE
from preau.projects.models import Programme, ProgrammePerimeter
from preau.territories.models import Commune, Crte, CrteMembership


@dataclass
class Change:
    """What entered and what left one day."""

    day: date
    entered: list[Commune] = field(default_factory=list)
    left: list[Commune] = field(default_factory=list)


@dataclass(frozen=True)
class Perimeter:
    """The communes of today, and every change, the last first."""

    communes: list[Commune]
    changes: list[Change]


def of_crte(crte: Crte) -> Perimeter:
    return _of(CrteMembership.objects.filter(crte=crte))


def of_programme(programme: Programme) -> Perimeter:
    return _of(ProgrammePerimeter.objects.filter(programme=programme))


def _of(rows: QuerySet[Any]) -> Perimeter:
    today, inside = clock.today(ZONE), []
    changes: dict[date, Change] = defaultdict(lambda: Change(date.min))
    for row in rows.select_related("commune").order_by(*by_name("commune__name"), "commune"):
        for day, moved in ((row.since, "entered"), (row.until, "left")):
            if day is not None:
                changes[day].day = day
                getattr(changes[day], moved).append(row.commune)
        if row.since <= today and (row.until is None or today < row.until):
            inside.append(row.commune)
    return Perimeter(inside, sorted(changes.values(), key=lambda one: one.day, reverse=True))
