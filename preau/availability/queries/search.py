"""Which spaces are free near a point. Reads the search index alone; the page joins the rest.

The shape of the statements (covering tile index behind `LATERAL … OFFSET 0`, day bits, small
materialised candidates) is the measured one: docs/adr/0004.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from math import asin, cos, degrees, radians, sin
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection

from preau.availability import bits as quarters
from preau.availability.index import TILES_A_ROW, tile_of
from preau.core import clock
from preau.core.timeranges import Period, local_instant
from preau.places.enums import STEPS
from preau.territories.distances import EARTH_RADIUS_KM

PAGE = 20


@dataclass(frozen=True)
class Where:
    """A disc: centre in degrees, radius in kilometres."""

    latitude: float
    longitude: float
    km: float


@dataclass(frozen=True)
class Filters:
    """What a space must be, whatever the time.

    Attributes:
        people: at least this capacity; of a pool, as many stations as seat them (`places.rules`).
        kinds, place_kinds: any of these; empty means all.
        equipment: mask of `Equipment` bits, all required.
        free_of_charge: True for free only, False for paying only, None for both.
        quantity: at least this many stations of a pool, at once.
    """

    people: int = 1
    kinds: tuple[str, ...] = ()
    place_kinds: tuple[str, ...] = ()
    equipment: int = 0
    accessible: bool = False
    free_of_charge: bool | None = None
    quantity: int = 1


@dataclass(frozen=True)
class Found:
    """A space that answers, how far it is, and when (None when no time was asked).

    Attributes:
        quantity: how many of its stations the people asked need; 1 for a room.
    """

    space_id: int
    km: float
    period: Period | None = None
    quantity: int = 1


@dataclass(frozen=True)
class Cursor:
    """Where the previous page stopped."""

    km: float
    space_id: int


@dataclass(frozen=True)
class Page:
    rows: list[Found]
    next: Cursor | None


def tile_ranges(where: Where) -> tuple[list[int], list[int]]:
    """First and last tile of each row of cells that a disc touches (a little more, never less)."""
    angle = degrees(where.km / EARTH_RADIUS_KM)
    ratio = sin(radians(min(angle, 90))) / max(cos(radians(where.latitude)), 1e-6)
    width = degrees(asin(min(1.0, ratio)))
    west, east = max(where.longitude - width, -180.0), min(where.longitude + width, 179.99)
    south, north = where.latitude - angle, where.latitude + angle
    first = range(tile_of(south, west), tile_of(north, west) + 1, TILES_A_ROW)
    return list(first), [tile + tile_of(south, east) - first.start for tile in first]


CANDIDATES = """
WITH cand AS MATERIALIZED (
  SELECT s.* FROM (
    SELECT i.*, 2 * %(radius)s * asin(least(1, sqrt(
        power(sin(radians(i.latitude - %(lat)s) / 2), 2)
        + cos(radians(%(lat)s)) * cos(radians(i.latitude))
        * power(sin(radians(i.longitude - %(lon)s) / 2), 2)))) AS km,
      greatest(%(quantity)s, (%(people)s::bigint * i.lanes + i.capacity - 1) / i.capacity) AS need
    FROM unnest(%(first)s::int[], %(last)s::int[]) AS r(a, z)
    CROSS JOIN LATERAL (
      SELECT * FROM availability_spaceindex WHERE tile BETWEEN r.a AND r.z OFFSET 0
    ) AS i
    WHERE i.capacity >= %(people)s AND i.lanes >= %(quantity)s
      AND (i.equipment & %(equipment)s) = %(equipment)s
      AND (i.is_accessible OR NOT %(accessible)s)
      AND (%(kinds)s::text[] = '{}' OR i.kind = ANY(%(kinds)s))
      AND (%(place_kinds)s::text[] = '{}' OR i.place_kind = ANY(%(place_kinds)s))
      AND (%(gratis)s::boolean IS NULL
           OR (i.price_from_cents IS NOT DISTINCT FROM 0) = %(gratis)s::boolean)
  ) AS s
  WHERE s.km <= %(km)s
    AND (%(after_km)s::float8 IS NULL
         OR (s.km, s.space_id) > (%(after_km)s::float8, %(after_id)s::bigint))
)
"""

_WINDOW = (
    CANDIDATES
    + """,
need AS MATERIALIZED (
  SELECT *, extract(year FROM day)::int AS year, extract(doy FROM day)::int AS number
  FROM unnest(%(zones)s::text[], %(days)s::date[], %(masks)s::bit(100)[]) AS n(zone, day, mask)
  WHERE zone IN (SELECT DISTINCT zone FROM cand)
),
open AS MATERIALIZED (
  SELECT c.calendar_id FROM (SELECT DISTINCT calendar_id, zone FROM cand) AS c
  WHERE NOT EXISTS (
    SELECT FROM need AS n
    LEFT JOIN availability_openingyear AS o
      ON o.calendar_id = c.calendar_id AND o.year = n.year
    WHERE n.zone = c.zone AND (o.patterns[o.days[n.number]] & n.mask) IS DISTINCT FROM n.mask
  )
),
busy AS MATERIALIZED (
  SELECT b.space_id, count(DISTINCT b.lane) AS taken
  FROM unnest(%(first)s::int[], %(last)s::int[]) AS r(a, z)
  CROSS JOIN need AS n
  CROSS JOIN LATERAL (
    SELECT space_id, lane FROM availability_spaceday
    WHERE day = n.day AND tile BETWEEN r.a AND r.z AND (bits & n.mask) <> %(zero)s::bit(100)
    OFFSET 0
  ) AS b
  JOIN cand AS c ON c.space_id = b.space_id AND c.zone = n.zone
  GROUP BY b.space_id
)
SELECT c.space_id, c.km, c.need FROM cand AS c
LEFT JOIN busy AS b ON b.space_id = c.space_id
WHERE c.calendar_id IN (SELECT calendar_id FROM open)
  AND c.lanes - coalesce(b.taken, 0) >= c.need
  AND %(minutes)s BETWEEN c.min_minutes AND c.max_minutes
  AND %(start)s >= %(now)s + c.lead_minutes * interval '1 minute'
  AND (%(start)s AT TIME ZONE c.zone)::date
      <= (%(now)s AT TIME ZONE c.zone)::date + c.horizon_days
  AND mod((extract(epoch FROM (%(start)s AT TIME ZONE c.zone)) / 60)::bigint, c.step_minutes) = 0
ORDER BY c.km, c.space_id
LIMIT %(limit)s
"""
)

_ANY_TIME = CANDIDATES + "SELECT space_id, km, need FROM cand ORDER BY km, space_id LIMIT %(limit)s"


def near(where: Where, filters: Filters, *, limit: int = PAGE, after: Cursor | None = None) -> Page:
    """Spaces of that description by distance, whatever the time."""
    return _page(run(_ANY_TIME, parameters(where, filters, limit, after)), limit)


def window(
    where: Where,
    period: Period,
    filters: Filters,
    *,
    limit: int = PAGE,
    after: Cursor | None = None,
    now: datetime | None = None,
) -> Page:
    """Spaces that may be booked for exactly that period, nearest first."""
    asked = parameters(where, filters, limit, after) | _needs(where, period)
    asked |= {
        "start": period.start,
        "minutes": period.minutes,
        "now": now or clock.now(),
        "zero": quarters.ZERO,
    }
    page = _page(run(_WINDOW, asked), limit)
    return Page([replace(row, period=period) for row in page.rows], page.next)


def _needs(where: Where, period: Period) -> dict[str, Any]:
    """The quarters that the period takes, on the calendar of each time zone near."""
    zones, days, bits = [], [], []
    for zone in _zones_near(where):
        for day, mask in quarters.masks(period, ZoneInfo(zone)).items():
            zones.append(zone)
            days.append(day)
            bits.append(quarters.to_text(mask))
    return {"zones": zones, "days": days, "masks": bits}


def _zones_near(where: Where) -> list[str]:
    first, last = tile_ranges(where)
    rows = run(
        "SELECT DISTINCT zone FROM availability_spaceindex AS s"
        " JOIN unnest(%(first)s::int[], %(last)s::int[]) AS r(a, z) ON s.tile BETWEEN r.a AND r.z",
        {"first": first, "last": last},
    )
    return [row[0] for row in rows]


def parameters(where: Where, filters: Filters, limit: int, after: Cursor | None) -> dict[str, Any]:
    """What `CANDIDATES` reads, and one row more than the page."""
    first, last = tile_ranges(where)
    return {
        "radius": EARTH_RADIUS_KM,
        "lat": where.latitude,
        "lon": where.longitude,
        "km": where.km,
        "first": first,
        "last": last,
        "people": filters.people,
        "quantity": filters.quantity,
        "equipment": filters.equipment,
        "accessible": filters.accessible,
        "kinds": list(filters.kinds),
        "place_kinds": list(filters.place_kinds),
        "gratis": filters.free_of_charge,
        "after_km": after.km if after else None,
        "after_id": after.space_id if after else None,
        "limit": limit + 1,
    }


def run(statement: str, parameters: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def _page(rows: Iterable[tuple[Any, ...]], limit: int) -> Page:
    found = [Found(space_id, km, None, need) for space_id, km, need in rows]
    more = len(found) > limit
    found = found[:limit]
    return Page(found, Cursor(found[-1].km, found[-1].space_id) if more else None)


@dataclass(frozen=True)
class Evenings:
    """The same hours on several days: "two hours between 18:00 and 22:00 on any of these"."""

    days: tuple[date, ...]
    start_minute: int
    end_minute: int
    minutes: int

    def windows(self, zone: ZoneInfo) -> list[Period]:
        """The hours of each day; none on a day whose clock jumps over them."""
        bounds = [
            (
                local_instant(day, self.start_minute, zone),
                local_instant(day, self.end_minute, zone),
            )
            for day in self.days
        ]
        return [Period(start, end) for start, end in bounds if start < end]


_EVENINGS = (
    CANDIDATES
    + """,
want AS MATERIALIZED (
  SELECT *, extract(year FROM day)::int AS year, extract(doy FROM day)::int AS number
  FROM unnest(%(zones)s::text[], %(steps)s::int[], %(days)s::date[],
                       %(windows)s::bit(100)[], %(starts)s::bit(100)[],
                       %(origins)s::timestamptz[])
    AS n(zone, step, day, inside, starts, origin)
),
free AS (
  SELECT c.space_id, c.km, c.need, n.day, n.origin, c.lead_minutes, c.horizon_days, c.zone,
         n.starts,
         o.patterns[o.days[n.number]] & n.inside & ~coalesce(b.bits, %(zero)s::bit(100)) AS f0
  FROM cand AS c
  JOIN want AS n ON n.zone = c.zone AND n.step = c.step_minutes
  JOIN availability_openingyear AS o ON o.calendar_id = c.calendar_id AND o.year = n.year
  CROSS JOIN generate_series(0, c.lanes - 1) AS l(n)
  LEFT JOIN availability_spaceday AS b
    ON b.day = n.day AND b.tile = c.tile AND b.space_id = c.space_id AND b.lane = l.n
  WHERE %(minutes)s BETWEEN c.min_minutes AND c.max_minutes
    AND (o.patterns[o.days[n.number]] & n.inside) <> %(zero)s::bit(100)
    AND n.day <= (%(now)s AT TIME ZONE c.zone)::date + c.horizon_days
),
runs AS (SELECT *, {runs} AS f FROM free),
spots AS ({spots})
SELECT space_id, km, min(start), need FROM spots GROUP BY space_id, km, need
ORDER BY km, space_id LIMIT %(limit)s
"""
)

#: The first start of each day, by the position of its bit (starts too soon are shifted out); where
#: several stations are needed at once, each start is counted on every lane.
_SPOTS = """
  SELECT space_id, km, need, origin + (position(B'1' IN f) - 1) * interval '15 minutes' AS start
  FROM (
    SELECT space_id, km, need, origin,
      f & (~%(zero)s::bit(100) >> least(100, greatest(0, ceil(
        extract(epoch FROM %(now)s + lead_minutes * interval '1 minute' - origin) / 900)))::int)
        AS f
    FROM runs WHERE need = 1 AND f <> %(zero)s::bit(100)
  ) AS late_enough
  WHERE f <> %(zero)s::bit(100)
UNION ALL
  SELECT space_id, km, need, origin + p * interval '15 minutes'
  FROM runs CROSS JOIN generate_series(0, 99) AS p
  WHERE need > 1 AND f <> %(zero)s::bit(100) AND get_bit(f, p) = 1
    AND origin + p * interval '15 minutes'
        >= %(now)s + lead_minutes * interval '1 minute'
  GROUP BY space_id, km, need, origin, p
  HAVING count(*) >= need
"""


def evenings(
    where: Where,
    asked: Evenings,
    filters: Filters,
    *,
    limit: int = PAGE,
    after: Cursor | None = None,
    now: datetime | None = None,
) -> Page:
    """Spaces free that long within the hours of at least one day, with the first time they are.

    The hours lie within one local day each.
    """
    now = now or clock.now()
    values = parameters(where, filters, limit, after) | _wanted(where, asked)
    values |= {"minutes": asked.minutes, "now": now, "zero": quarters.ZERO}
    statement = _EVENINGS.replace("{runs}", _runs_in_sql(asked.minutes // 15))
    rows = run(statement.replace("{spots}", _SPOTS), values)
    long = timedelta(minutes=asked.minutes)
    found = [Found(pk, km, Period(start, start + long), need) for pk, km, start, need in rows]
    more = len(found) > limit
    found = found[:limit]
    return Page(found, Cursor(found[-1].km, found[-1].space_id) if more else None)


def _wanted(where: Where, asked: Evenings) -> dict[str, Any]:
    """For each time zone near, each step and each day: the hours wanted and the starts allowed."""
    columns: dict[str, list[Any]] = {
        name: [] for name in ("zones", "steps", "days", "windows", "starts", "origins")
    }
    for name in _zones_near(where):
        zone = ZoneInfo(name)
        for period in asked.windows(zone):
            for day, inside in quarters.masks(period, zone).items():
                for step in STEPS:
                    columns["zones"].append(name)
                    columns["steps"].append(step)
                    columns["days"].append(day)
                    columns["windows"].append(quarters.to_text(inside))
                    columns["starts"].append(
                        quarters.to_text(quarters.step_starts(day, step, zone))
                    )
                    columns["origins"].append(local_instant(day, 0, zone))
    return columns


def _runs_in_sql(length: int) -> str:
    """The SQL of `bits.runs`: the first bit is the leftmost, so a later quarter shifts left."""
    expression, done = "f0", 1
    while done < length:
        shift = min(done, length - done)
        expression = f"({expression} & ({expression} << {shift}))"
        done += shift
    return f"({expression} & starts)"
