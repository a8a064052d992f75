"""Capacity of a scope over a period: from the bookings themselves, or from the summaries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
from django.db import connection

from preau.capacity.grids import SHAPE, Measure, unpack, unpack_weighted, weighted
from preau.capacity.models import CapacityArea, CapacityMonth, CapacityRun
from preau.capacity.models.summaries import AreaLevel
from preau.capacity.queries.scopes import MOST_LIVE, Scope, ScopeKind
from preau.capacity.reading import Measured, Root, measured, roots
from preau.capacity.summaries import month_after
from preau.core.french import rank
from preau.territories.areas import AreaKind, communes_of, departements_of
from preau.territories.models import Departement

#: The hours of a week that an opening is judged by: every day, from 8 h to 22 h.
WINDOW = (8, 22)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Line:
    """A place, or a département, among those of a scope."""

    key: str
    name: str
    detail: str
    spaces: int
    open_hours: float
    useful_hours: float
    useful_square_metre_hours: float | None

    @property
    def free_share(self) -> float | None:
        return self.useful_hours / self.open_hours if self.open_hours else None


@dataclass(frozen=True)
class Reading:
    """Attributes:
    first, last: the period answered, both days included; whole months where `at` is given.
    grids: hours, then hours × m², by [term or holidays, measure, weekday, hour].
    at: when the summaries were worked out; None when the bookings themselves were read.
    """

    scope: Scope
    first: date
    last: date
    grids: Any
    spaces: int
    places: int
    opened: int
    without_surface: int
    at: datetime | None
    lines: list[Line]
    measured: Sequence[Measured] = ()

    def hours(self, number: Measure, *, window: bool = False) -> float:
        return self._sum(0, number, window)

    def square_metre_hours(self, number: Measure) -> float:
        return self._sum(1, number, False)

    def _sum(self, weight: int, number: Measure, window: bool) -> float:
        cells = self.grids[weight, :, number]
        return float((cells[..., slice(*WINDOW)] if window else cells).sum())

    @property
    def open_share(self) -> float | None:
        """Of the hours of the window, those when the spaces are open."""
        every = self.hours(Measure.CLOCK, window=True)
        return self.hours(Measure.OPEN, window=True) / every if every else None

    def share_of_open(self, number: Measure) -> float | None:
        opened = self.hours(Measure.OPEN)
        return self.hours(number) / opened if opened else None

    @property
    def months(self) -> int:
        return (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1


def read(scope: Scope, first: date, last: date, useful: Measure = Measure.USEFUL) -> Reading:
    """Both days included."""
    if not scope.exceeds(MOST_LIVE):
        return live(scope, first, last, useful)
    return from_summaries(scope, first, last, useful)


def live(scope: Scope, first: date, last: date, useful: Measure = Measure.USEFUL) -> Reading:
    """From opening years and occupied units, to the quarter-hour, whatever the days."""
    found = [
        Measured(one.root, one.months.sum(axis=0))
        for one in measured(roots(**scope.where), first, last)
    ]
    found = [one for one in found if one.months[:, Measure.CLOCK].any()]
    grids = np.zeros((2, *SHAPE))
    for one in found:
        grids += weighted(one.months, one.root.whole, one.root.surface)
    return Reading(
        scope=scope,
        first=first,
        last=last,
        grids=grids,
        spaces=len(found),
        places=len({one.root.place_id for one in found}),
        opened=sum(bool(one.months[:, Measure.OPEN].any()) for one in found),
        without_surface=sum(one.root.surface is None for one in found),
        at=None,
        lines=_ranked(_line(some, useful) for some in _by_place(found)),
        measured=found,
    )


def _by_place(found: Iterable[Measured]) -> list[list[Measured]]:
    groups: dict[int, list[Measured]] = {}
    for one in found:
        groups.setdefault(one.root.place_id, []).append(one)
    return list(groups.values())


def _line(some: list[Measured], useful: Measure) -> Line:
    root: Root = some[0].root
    hours = [
        one.months.sum(axis=(0, 2, 3))[[Measure.OPEN, useful]] / (4.0 * one.root.whole)
        for one in some
    ]
    known = [one.root.surface for one in some]
    surfaced = sum(hour[1] * (m2 or 0) for hour, m2 in zip(hours, known, strict=True))
    return Line(
        key=f"lieu:{root.place_id}",
        name=root.place_name,
        detail="",
        spaces=len(some),
        open_hours=float(sum(hour[0] for hour in hours)),
        useful_hours=float(sum(hour[1] for hour in hours)),
        useful_square_metre_hours=float(surfaced) if any(known) else None,
    )


def _ranked(lines: Iterable[Line]) -> list[Line]:
    return sorted(lines, key=lambda one: (-one.useful_hours, rank(one.name), one.key))


# --- From the summaries


def from_summaries(
    scope: Scope, first: date, last: date, useful: Measure = Measure.USEFUL
) -> Reading:
    """Whole months: those that the period touches."""
    first, last = month_after(first, 0), month_after(last, 1) - DAY
    if scope.kind == ScopeKind.OWNER:
        return _of_owner(scope, first, last)
    areas = list(_areas(scope).filter(month__range=(first, last)))
    grids = np.zeros((2, *SHAPE))
    counts: dict[date, Any] = {}
    for one in areas:
        grids += unpack_weighted(one.grids)
        some = np.array([one.spaces, one.places, one.opened, one.without_surface])
        counts[one.month] = counts.get(one.month, 0) + some
    most = max(counts.values(), key=lambda some: int(some[0]), default=np.zeros(4, int))
    codes = {one.departement_code for one in areas}
    spaces, places, opened, without = (int(one) for one in most)
    return Reading(
        scope=scope,
        first=first,
        last=last,
        grids=grids,
        spaces=spaces,
        places=places,
        opened=opened,
        without_surface=without,
        at=_oldest(codes),
        lines=_departement_lines(areas, useful) if scope.is_large else _places(scope, first, last),
    )


def _areas(scope: Scope) -> Any:
    assert scope.area is not None
    if scope.area.kind in (AreaKind.NATION, AreaKind.REGION, AreaKind.DEPARTEMENT):
        codes = departements_of(scope.area)
        return CapacityArea.objects.filter(level=AreaLevel.DEPARTEMENT, code__in=codes)
    codes = list(communes_of(scope.area).values_list("pk", flat=True))
    return CapacityArea.objects.filter(level=AreaLevel.COMMUNE, code__in=codes)


def _oldest(departements: Iterable[str]) -> datetime | None:
    runs = CapacityRun.objects.filter(pk__in=list(departements))
    return runs.order_by("finished_at").values_list("finished_at", flat=True).first()


def _departement_lines(areas: Iterable[CapacityArea], useful: Measure) -> list[Line]:
    sums: dict[str, Any] = {}
    spaces: dict[str, int] = {}
    for one in areas:
        both = unpack_weighted(one.grids).sum(axis=(1, 3, 4), dtype=np.float64)
        sums[one.code] = sums.get(one.code, 0) + both
        spaces[one.code] = max(spaces.get(one.code, 0), one.spaces)
    names = dict(Departement.objects.values_list("pk", "name"))
    return _ranked(
        Line(
            key=f"departement:{code}",
            name=f"{names[code]} ({code})",
            detail="",
            spaces=spaces[code],
            open_hours=float(both[0, Measure.OPEN]),
            useful_hours=float(both[0, useful]),
            useful_square_metre_hours=float(both[1, useful]),
        )
        for code, both in sums.items()
    )


_PLACES = """
SELECT c.place_id, p.name, m.name, count(DISTINCT c.space_id), sum(c.open_minutes) / 60.0,
       sum(c.useful_minutes) / 60.0, sum(c.useful_minutes * s.surface) / 60.0
FROM capacity_capacitymonth AS c
JOIN places_place AS p ON p.id = c.place_id
JOIN territories_commune AS m ON m.code = p.commune_id
JOIN places_space AS s ON s.id = c.space_id
WHERE c.departement_code = ANY(%s) AND c.month BETWEEN %s AND %s
  AND (%s::text[] IS NULL OR c.commune_id = ANY(%s)) AND (%s::bigint IS NULL OR c.owner_id = %s)
  AND p.publication = 'publie'
GROUP BY 1, 2, 3 ORDER BY 6 DESC, 2, 1
"""


def _places(scope: Scope, first: date, last: date) -> list[Line]:
    communes = owner = None
    if scope.kind == ScopeKind.OWNER:
        owner = scope.pk
    elif scope.area is not None and scope.area.kind != AreaKind.DEPARTEMENT:
        communes = list(communes_of(scope.area).values_list("pk", flat=True))
    with connection.cursor() as cursor:
        cursor.execute(
            _PLACES, [scope.departements(), first, last, communes, communes, owner, owner]
        )
        return [
            Line(
                f"lieu:{pk}",
                name,
                commune,
                spaces,
                float(opened),
                float(useful),
                None if surfaced is None else float(surfaced),
            )
            for pk, name, commune, spaces, opened, useful, surfaced in cursor.fetchall()
        ]


def _of_owner(scope: Scope, first: date, last: date) -> Reading:
    """The places of one organisation: its own rows, one by one."""
    surfaces = {one.space_id: one.surface for one in roots(**scope.where)}
    grids = np.zeros((2, *SHAPE))
    spaces: set[int] = set()
    opened: set[int] = set()
    places: set[int] = set()
    codes: set[str] = set()
    rows = CapacityMonth.objects.filter(owner_id=scope.pk, month__range=(first, last))
    for row in rows.iterator():
        grids += weighted(unpack(row.grid), row.parts, surfaces.get(row.space_id))
        spaces.add(row.space_id)
        places.add(row.place_id)
        codes.add(row.departement_code)
        if row.open_minutes:
            opened.add(row.space_id)
    return Reading(
        scope,
        first,
        last,
        grids,
        spaces=len(spaces),
        places=len(places),
        opened=len(opened),
        without_surface=sum(surfaces.get(one) is None for one in spaces),
        at=_oldest(codes),
        lines=_places(scope, first, last),
    )
