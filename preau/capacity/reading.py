"""From the tables of the bookings to the engine: the same opening years, the same occupied units.

What is counted: the published spaces of published places, hall by hall. A part of a hall is open
when one of the published spaces it belongs to is; the smallest of these says how long its shortest
booking is, and what preparation the next occupant needs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from preau.availability.enums import OccupancyKind
from preau.availability.facts import holidays_near
from preau.availability.models import DAY_BITS
from preau.capacity import fragments
from preau.capacity.fragments import MARGIN, Axis, Part
from preau.capacity.grids import SHORTEST_USEFUL
from preau.places.enums import Publication
from preau.places.models import Space

LONGEST_BUFFER = timedelta(days=1)


@dataclass(frozen=True)
class Root:
    """A space that is its own root, with the parts of it that may be booked."""

    space_id: int
    name: str
    is_pool: bool
    surface: int | None
    place_id: int
    place_name: str
    owner_id: int
    commune_id: str
    departement_code: str
    zone: str
    school_zone: str
    created_at: datetime
    units: list[Unit] = field(default_factory=list, compare=False, repr=False)
    #: How many parts the whole is made of, bookable or not: each has its share of the surface.
    whole: int = 1


@dataclass
class Unit:
    pk: int
    calendars: list[int]
    useful: int
    before: int
    after: int


@dataclass(frozen=True)
class Measured:
    """A root and its quarters, by [month, holidays, measure, weekday, hour], its parts together."""

    root: Root
    months: Any


_COLUMNS = {
    "space_id": "pk",
    "name": "name",
    "is_pool": "is_pool",
    "surface": "surface",
    "place_id": "place_id",
    "place_name": "place__name",
    "owner_id": "place__owner_id",
    "commune_id": "place__commune_id",
    "departement_code": "place__departement_code",
    "zone": "place__time_zone",
    "school_zone": "place__commune__school_zone",
    "created_at": "created_at",
}


def roots(**where: Any) -> list[Root]:
    """Roots that meet these conditions on `Space`, with their bookable parts; two queries."""
    rows = (
        Space.objects.filter(root=None, place__publication=Publication.PUBLISHED, **where)
        .order_by("pk")
        .values_list(*_COLUMNS.values())
    )
    found = {row[0]: Root(**dict(zip(_COLUMNS, row, strict=True))) for row in rows}
    whole = _read_units(found)
    return [
        Root(**{name: getattr(one, name) for name in _COLUMNS}, units=one.units, whole=whole[pk])
        for pk, one in found.items()
        if one.units
    ]


_UNITS = """
SELECT u.root_id, u.id, s.min_minutes, s.buffer_before, s.buffer_after, c.calendar_id,
       (SELECT count(*) FROM places_spaceunit AS o WHERE o.space_id = s.id)
FROM unnest(%s::bigint[]) AS r(id)
JOIN places_unit AS u ON u.root_id = r.id
JOIN places_spaceunit AS su ON su.unit_id = u.id
JOIN places_space AS s ON s.id = su.space_id AND s.publication = %s
LEFT JOIN availability_spacecalendar AS c ON c.space_id = s.id
ORDER BY u.root_id, u.id, 7, s.id
"""


def _read_units(found: dict[int, Root]) -> dict[int, int]:
    """Root → how many parts it has in all; its bookable ones are put on it."""
    ids = list(found)
    known: dict[int, Unit] = {}
    with connection.cursor() as cursor:
        cursor.execute(_UNITS, [ids, Publication.PUBLISHED])
        for root, pk, shortest, before, after, calendar, _ in cursor.fetchall():
            unit = known.get(pk)
            if unit is None:  # the smallest space it belongs to comes first
                least = max(shortest, SHORTEST_USEFUL) // 15
                unit = known[pk] = Unit(pk, [], least, before // 15, after // 15)
                found[root].units.append(unit)
            if calendar is not None and calendar not in unit.calendars:
                unit.calendars.append(calendar)
        cursor.execute(
            "SELECT root_id, count(*) FROM places_unit WHERE root_id = ANY(%s) GROUP BY 1", [ids]
        )
        return dict(cursor.fetchall())


def measured(some: Sequence[Root], first: date, last: date) -> Iterator[Measured]:
    """Each root's time between two local days, both included."""
    groups = _by_axis(some, first, last)
    for where, members in groups:
        lines = _opening_lines(where, {c for r in members for u in r.units for c in u.calendars})
        taken = _taken(where, [unit.pk for root in members for unit in root.units])
        parts = [
            _part(where, root, unit, lines, taken.get(unit.pk, []))
            for root in members
            for unit in root.units
        ]
        by_part, done = fragments.measure(where, parts), 0
        for root in members:
            end = done + len(root.units)
            yield Measured(root, by_part[done:end].sum(axis=0, dtype=np.int64))
            done = end


def _by_axis(some: Sequence[Root], first: date, last: date) -> Iterator[tuple[Axis, list[Root]]]:
    """Roots that share a clock and school holidays, a few hundred at a time."""
    pairs = {(one.school_zone, one.owner_id) for one in some}
    spans = holidays_near(pairs, first, last)
    groups: dict[tuple[str, tuple[tuple[date, date], ...]], list[Root]] = defaultdict(list)
    for one in some:
        days = tuple(sorted((s, e) for s, e, _ in spans[one.school_zone, one.owner_id]))
        groups[one.zone, days].append(one)
    for (zone, days), members in groups.items():
        where = fragments.axis(ZoneInfo(zone), first, last, _within(days))
        for start in range(0, len(members), 256):
            yield where, members[start : start + 256]


def _within(spans: Iterable[tuple[date, date]]) -> Any:
    off = {s + timedelta(days=n) for s, e in spans for n in range((e - s).days + 1)}
    return off.__contains__


def _part(where: Axis, root: Root, unit: Unit, lines: dict[int, Any], taken: list[Any]) -> Part:
    opened = [lines[one] for one in unit.calendars if one in lines]
    born = root.created_at.astimezone(where.zone).date()
    return Part(
        opening=np.logical_or.reduce(opened) if opened else None,
        since=where.start_of(born) if born > where.first - MARGIN else 0,
        before=unit.before,
        after=unit.after,
        useful=unit.useful,
        taken=taken,
    )


def _opening_lines(where: Axis, calendars: Collection[int]) -> dict[int, Any]:
    """Calendar → its open quarters, laid on the axis."""
    first, last = where.first - MARGIN, where.last + MARGIN
    years = list(range(first.year, last.year + 1))
    lengths = np.diff(where.starts)
    kept = np.arange(DAY_BITS) < lengths[:, None]
    numbers: dict[int, Any] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT calendar_id, year, patterns::text[], days FROM availability_openingyear"
            " WHERE calendar_id = ANY(%s) AND year = ANY(%s)",
            [list(calendars), years],
        )
        for calendar, year, patterns, days in cursor.fetchall():
            bits = numbers.setdefault(calendar, np.zeros(kept.shape, bool))
            known = np.zeros((len(patterns) + 1, DAY_BITS), bool)
            for row, text in enumerate(patterns, 1):
                known[row] = np.frombuffer(text.encode(), np.uint8) == ord("1")
            begin = (date(year, 1, 1) - first).days
            head, tail = max(begin, 0), min(begin + len(days), len(lengths))
            bits[head:tail] = known[np.array(days)[head - begin : tail - begin]]
    return {calendar: bits[kept] for calendar, bits in numbers.items()}


# One probe of the constraint's own index for each unit, whatever is planned around.
_TAKEN = """
SELECT u.id, b.* FROM unnest(%s::bigint[]) AS u(id) CROSS JOIN LATERAL (
  SELECT extract(epoch FROM lower(t.busy))::bigint / 900,
         (extract(epoch FROM upper(t.busy))::bigint + 899) / 900,
         extract(epoch FROM lower(o.period))::bigint / 900,
         extract(epoch FROM upper(o.period))::bigint / 900,
         o.kind = %s
  FROM availability_occupiedunit AS t JOIN availability_occupancy AS o ON o.id = t.occupancy_id
  WHERE t.unit_id = u.id AND t.busy && %s OFFSET 0
) AS b
"""


def _taken(where: Axis, units: list[int]) -> dict[int, list[tuple[int, int, int, int, bool]]]:
    start = datetime.fromtimestamp(where.origin * 900, where.zone) - LONGEST_BUFFER
    end = datetime.fromtimestamp((where.origin + where.length) * 900, where.zone) + LONGEST_BUFFER
    found: dict[int, list[Any]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_TAKEN, [units, OccupancyKind.CLOSURE, DateTimeTZRange(start, end)])
        for unit, *rest in cursor.fetchall():
            found[unit].append(tuple(rest))
    return found
