"""Working the summaries out, a département at a time, and writing what is not right already.

Nothing is patched: the months from the last one to a year ahead are worked out anew each night
from the bookings themselves, the year before once. Months further back stay as they were.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby
from math import ceil
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from django.db import connection, transaction

from preau.capacity.grids import SHAPE, Measure, pack, pack_weighted, weighted
from preau.capacity.models import CapacityArea, CapacityMonth, CapacityRun
from preau.capacity.models.summaries import AreaLevel
from preau.capacity.reading import Measured, Root, measured, roots
from preau.core import clock

ZONE = ZoneInfo("Europe/Paris")
MONTHS = 12
#: Kept for comparisons of one season with the one before.
KEPT_MONTHS = 37
#: Roots read and written together; always whole communes.
BATCH = 200


def month_after(day: date, months: int) -> date:
    """The first day of the month so many months after that of the day."""
    number = day.year * 12 + day.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)


def window(departement: str, today: date) -> tuple[date, date]:
    """First and last month to work out now."""
    run = CapacityRun.objects.filter(pk=departement).first()
    oldest = month_after(today, -MONTHS)
    known = run is not None and run.first_month <= oldest
    return (month_after(today, -1) if known else oldest), month_after(today, MONTHS)


@dataclass
class Tally:
    """The spaces of a territory together, month by month."""

    months: int
    grids: Any = field(init=False)
    spaces: Any = field(init=False)
    opened: Any = field(init=False)
    without_surface: Any = field(init=False)
    places: list[set[int]] = field(init=False)

    def __post_init__(self) -> None:
        self.grids = np.zeros((self.months, 2, *SHAPE))
        self.spaces, self.opened, self.without_surface = np.zeros((3, self.months), int)
        self.places = [set() for _ in range(self.months)]

    def add(self, one: Measured) -> None:
        root = one.root
        for month in range(self.months):
            grid = one.months[month]
            if not grid[:, Measure.CLOCK].any():
                continue  # it did not exist yet
            self.grids[month] += weighted(grid, root.whole, root.surface)
            self.spaces[month] += 1
            self.opened[month] += bool(grid[:, Measure.OPEN].any())
            self.without_surface[month] += root.surface is None
            self.places[month].add(root.place_id)


def refresh(departement: str, *, months: tuple[date, date] | None = None) -> int:
    """Work a département out; how many months of spaces were not right already."""
    today = clock.today(ZONE)
    first, last = months or window(departement, today)
    some = sorted(roots(place__departement_code=departement), key=lambda one: one.commune_id)
    length = (last.year - first.year) * 12 + last.month - first.month + 1
    whole, written = Tally(length), 0
    for batch in _batches(some):
        written += _refresh_batch(batch, first, last, whole)
    with transaction.atomic():
        _forget(departement, some, first, today)
        _write_areas(AreaLevel.DEPARTEMENT, departement, {departement: whole}, first)
        begun = CapacityRun.objects.filter(pk=departement).values_list("first_month", flat=True)
        CapacityRun.objects.update_or_create(
            pk=departement,
            defaults={
                "finished_at": clock.now(),
                "first_month": min([first, *begun]),
                "last_month": last,
                "spaces": len(some),
                "written": written,
            },
        )
    return written


def _batches(some: Sequence[Root]) -> Iterator[list[Root]]:
    batch: list[Root] = []
    for _, members in groupby(some, key=lambda one: one.commune_id):
        batch += members
        if len(batch) >= BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _refresh_batch(batch: list[Root], first: date, last: date, whole: Tally) -> int:
    communes: dict[str, Tally] = {}
    rows: list[tuple[Any, ...]] = []
    end = month_after(last, 1) - timedelta(days=1)
    for one in measured(batch, first, end):
        whole.add(one)
        communes.setdefault(one.root.commune_id, Tally(whole.months)).add(one)
        rows += _rows(one, first)
    with transaction.atomic():
        _write_areas(AreaLevel.COMMUNE, batch[0].departement_code, communes, first)
        return _write_months(rows)


def _rows(one: Measured, first: date) -> Iterator[tuple[Any, ...]]:
    root = one.root
    share = None if root.surface is None else root.surface * len(root.units) / root.whole
    for number, grid in enumerate(one.months):
        minutes = grid.sum(axis=(0, 2, 3)) * 15 / root.whole
        if not minutes[Measure.CLOCK]:
            continue
        yield (
            *(root.departement_code, month_after(first, number), root.space_id, root.place_id),
            *(root.owner_id, root.commune_id, root.whole, share),
            round(minutes[Measure.CLOCK]),
            ceil(minutes[Measure.OPEN]),
            int(minutes[Measure.USED]),
            int(minutes[Measure.USEFUL]),
            pack(grid),
        )


_COLUMNS = (
    "departement_code, month, space_id, place_id, owner_id, commune_id, parts, square_metres,"
    " clock_minutes, open_minutes, used_minutes, useful_minutes, grid"
)
_TYPES = (
    *("text", "date", "bigint", "bigint", "bigint", "text", "int", "float8"),
    *("int", "int", "int", "int", "bytea"),
)
_KEPT = ("departement_code", "month", "space_id")
_OTHERS = [name for name in _COLUMNS.split(", ") if name not in _KEPT]
_WRITE = f"""
INSERT INTO capacity_capacitymonth AS c ({_COLUMNS})
SELECT * FROM unnest({", ".join(f"%s::{kind}[]" for kind in _TYPES)})
ON CONFLICT (departement_code, month, space_id)
DO UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in _OTHERS)}
WHERE ({", ".join(f"c.{name}" for name in _OTHERS)})
   IS DISTINCT FROM ({", ".join(f"excluded.{name}" for name in _OTHERS)})
"""  # noqa: S608  names of columns alone


def _write_months(rows: Sequence[tuple[Any, ...]]) -> int:
    if not rows:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, [list(column) for column in zip(*rows, strict=True)])
        return int(cursor.rowcount)


def _write_areas(level: str, departement: str, tallies: dict[str, Tally], first: date) -> None:
    rows = [
        CapacityArea(
            level=level,
            code=code,
            month=month_after(first, number),
            departement_code=departement,
            spaces=int(tally.spaces[number]),
            places=len(tally.places[number]),
            opened=int(tally.opened[number]),
            without_surface=int(tally.without_surface[number]),
            grids=pack_weighted(tally.grids[number]),
        )
        for code, tally in tallies.items()
        for number in range(tally.months)
    ]
    CapacityArea.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["level", "code", "month"],
        update_fields=[
            *("departement_code", "spaces", "places", "opened", "without_surface", "grids")
        ],
    )


def _forget(departement: str, some: Iterable[Root], first: date, today: date) -> None:
    """Spaces withdrawn leave the months that are not over; what is very old goes."""
    present = [root.space_id for root in some]
    communes = {root.commune_id for root in some}
    this_month = month_after(today, 0)
    months = CapacityMonth.objects.filter(departement_code=departement)
    months.filter(month__gte=max(first, this_month)).exclude(space_id__in=present).delete()
    months.filter(month__lt=month_after(today, -KEPT_MONTHS)).delete()
    areas = CapacityArea.objects.filter(departement_code=departement)
    gone = areas.filter(level=AreaLevel.COMMUNE, month__gte=max(first, this_month))
    gone.exclude(code__in=communes).delete()
    areas.filter(month__lt=month_after(today, -KEPT_MONTHS)).delete()
