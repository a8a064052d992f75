"""Taken days against occupied units: found by one statement, judged and mended under the lock.

The statement computes in SQL what the writers compute in Python, from the same snapshot for truth
and index: a booking under way is in both or in neither. What it suspects is computed again by the
writers' own function with the hall locked, before anything is called a difference.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db import connection, transaction

from preau.availability.bits import ZERO, from_text, stretches, to_text
from preau.availability.care.reports import SPACE_DAY, Difference
from preau.availability.care.scope import Batch, Days, spaces_by_tile
from preau.availability.index import taken_quarters, tile_of
from preau.availability.models import OccupiedUnit, SpaceDay
from preau.core.timeranges import Period
from preau.places.locks import lock_roots
from preau.places.models import Space, SpaceUnit

#: Day, tile, space, lane.
Key = tuple[date, int, int, int]
#: What is written there or should be: the département, the quarters as a text.
Rows = dict[Key, tuple[str, str]]
#: Around the days compared: time zones and the longest preparation.
MARGIN = timedelta(days=3)

_TRUTH = """
WITH asked AS MATERIALIZED (
  SELECT a.space_id, a.tile, p.departement_code, z.starts, s.is_pool, p.time_zone AS zone,
    make_interval(mins => s.buffer_before) AS before, make_interval(mins => s.buffer_after) AS after
  FROM unnest(%(spaces)s::bigint[], %(tiles)s::int[]) AS a(space_id, tile)
  JOIN places_space s ON s.id = a.space_id
  JOIN places_place p ON p.id = s.place_id
  JOIN (VALUES {zones}) AS z(zone, starts) ON z.zone = p.time_zone
), part AS MATERIALIZED (
  SELECT a.*, su.unit_id, CASE WHEN a.is_pool
    THEN row_number() OVER (PARTITION BY a.space_id ORDER BY su.unit_id) - 1 ELSE 0 END AS lane
  FROM asked a JOIN places_spaceunit su ON su.space_id = a.space_id
), taken AS (
  -- A newcomer needs its own preparation too: what forbids it is wider by its buffers.
  SELECT p.space_id, p.tile, p.departement_code, p.lane, p.zone, p.starts,
    lower(b.busy) - p.after AS start, upper(b.busy) + p.before AS stop
  FROM part p CROSS JOIN LATERAL (
    SELECT busy FROM availability_occupiedunit
    WHERE unit_id = p.unit_id AND busy && tstzrange(%(from)s, %(to)s) OFFSET 0) b
), piece AS (
  -- The hour on each side: should this server know other change-over days than Python.
  SELECT t.*, n, t.starts[n + 1] AS midnight, t.starts[n + 2] AS next_midnight
  FROM taken t CROSS JOIN LATERAL generate_series(
    greatest((((t.start - interval '1 hour') AT TIME ZONE t.zone)::date - %(first)s::date), 0),
    least((((t.stop + interval '1 hour') AT TIME ZONE t.zone)::date - %(first)s::date),
      %(days)s - 1)) AS n
), wanted AS (
  SELECT %(first)s::date + n AS day, tile, space_id, lane::int AS lane, departement_code,
    bit_or((repeat('1', 100)::bit(100)
        >> floor(extract(epoch FROM greatest(start, midnight) - midnight) / 900)::int)
      & (repeat('1', 100)::bit(100)
        << 100 - ceil(extract(epoch FROM least(stop, next_midnight) - midnight) / 900)::int)
    ) AS bits
  FROM piece WHERE start < next_midnight AND stop > midnight
  GROUP BY n, tile, space_id, lane, departement_code
)
"""
_THERE = """
, there AS (
  SELECT b.* FROM generate_series(0, %(days)s - 1) AS n CROSS JOIN LATERAL (
    SELECT day, tile, space_id, lane, departement_code, bits FROM availability_spaceday
    WHERE day = %(first)s::date + n AND {where} OFFSET 0) b
)
"""
_COMPARISON = """
, pair AS (
  SELECT coalesce(w.space_id, t.space_id) AS space_id, t.day, t.tile,
    coalesce(w.bits, b'0'::bit(100)) <> coalesce(t.bits, b'0'::bit(100))
      OR (w.bits = t.bits AND w.departement_code <> t.departement_code) AS differs
  FROM wanted w FULL JOIN there t
    ON w.day = t.day AND w.tile = t.tile AND w.space_id = t.space_id AND w.lane = t.lane
)
SELECT count(day), array_agg(DISTINCT space_id) FILTER (WHERE differs),
  array_agg(DISTINCT tile) FILTER (WHERE differs AND tile IS NOT NULL)
FROM pair
"""
_WRITING = """
, stray AS MATERIALIZED (
  SELECT t.day, t.tile, t.space_id, t.lane FROM there t LEFT JOIN wanted w
    ON w.day = t.day AND w.tile = t.tile AND w.space_id = t.space_id AND w.lane = t.lane
  WHERE w.day IS NULL
), gone AS (
  DELETE FROM availability_spaceday AS d USING stray AS s
  WHERE d.day = s.day AND d.tile = s.tile AND d.space_id = s.space_id AND d.lane = s.lane
  RETURNING 1
), put AS (
  INSERT INTO availability_spaceday AS d (day, tile, space_id, lane, departement_code, bits)
  SELECT w.day, w.tile, w.space_id, w.lane, w.departement_code, w.bits
  FROM wanted w LEFT JOIN there t
    ON w.day = t.day AND w.tile = t.tile AND w.space_id = t.space_id AND w.lane = t.lane
  WHERE t.bits IS DISTINCT FROM w.bits
    OR t.departement_code IS DISTINCT FROM w.departement_code
  ORDER BY 1, 2, 3, 4
  ON CONFLICT (day, tile, space_id, lane) DO UPDATE
    SET bits = excluded.bits, departement_code = excluded.departement_code
  RETURNING 1
)
SELECT (SELECT count(*) FROM gone) + (SELECT count(*) FROM put)
"""
#: The rows of a batch: one stretch of each day's index.
_STRETCH = (
    "(tile, space_id) > (%(after)s, %(after_id)s) AND (tile, space_id) <= (%(upto)s, %(upto_id)s)"
)
_THESE = "tile = ANY(%(tiles)s) AND space_id = ANY(%(spaces)s)"


@dataclass(frozen=True)
class Suspects:
    """What a batch gives to judge: the spaces, and the tiles their doubtful rows are under."""

    rows: int
    spaces: list[int]
    tiles: list[int]


def suspects(batch: Batch, days: Days, *, whole: bool = True) -> Suspects:
    """Compare a batch in one statement. With `whole`, rows that belong to no space are seen too."""
    (after, after_id), (upto, upto_id) = batch.after, batch.upto
    bounds = {"after": after, "after_id": after_id, "upto": upto, "upto_id": upto_id}
    where = _STRETCH if whole else _THESE
    rows, spaces, tiles = _ask(batch.spaces, days, where, _COMPARISON, bounds)
    return Suspects(rows, spaces or [], tiles or [])


@transaction.atomic
def mend(ids: Sequence[int], days: Days) -> int:
    """Write in one statement, with their halls locked, the rows of some spaces that differ from the
    truth; how many did. Rows under a tile where they no longer are stay: a check removes them."""
    lock_roots(Space.objects.filter(pk__in=ids))
    (written,) = _ask(spaces_by_tile(ids), days, _THESE, _WRITING, {})
    return int(written)


def _ask(
    spaces: Sequence[tuple[int, int, str]], days: Days, where: str, end: str, more: dict[str, int]
) -> tuple[Any, ...]:
    zones = sorted({zone for _, _, zone in spaces}) or ["Europe/Paris"]
    values: dict[str, Any] = {
        "spaces": [space_id for _, space_id, _ in spaces],
        "tiles": [tile for tile, _, _ in spaces],
        "first": days.first,
        "days": len(days.all()),
        "from": _instant(days.first - MARGIN),
        "to": _instant(days.last + MARGIN),
        **more,
    }
    names = []
    for number, zone in enumerate(zones):
        values |= {f"zone{number}": zone, f"starts{number}": days.midnights(zone)}
        names.append(f"(%(zone{number})s::text, %(starts{number})s::timestamptz[])")
    statement = _TRUTH.format(zones=", ".join(names)) + _THERE.format(where=where) + end
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        row: tuple[Any, ...] = cursor.fetchone()
    return row


@transaction.atomic
def settle(
    ids: Sequence[int], days: Days, *, tiles: Iterable[int] = (), repair: bool
) -> list[Difference]:
    """Compare some spaces with their halls locked, and write what differs when asked to.

    Args:
        tiles: where else rows of these spaces may have been left.
    """
    lock_roots(Space.objects.filter(pk__in=ids))
    spaces = list(Space.objects.filter(pk__in=ids).select_related("place"))
    truth = _truth(spaces, days)
    home = {tile_of(space.place.latitude, space.place.longitude) for space in spaces}
    written = _written(ids, days, home | set(tiles))
    wrong = sorted(
        key for key in truth.keys() | written.keys() if truth.get(key) != written.get(key)
    )
    if repair and wrong:
        _remove([key for key in wrong if key not in truth])
        _put({key: truth[key] for key in wrong if key in truth})
    return [_difference(key, written.get(key), truth.get(key)) for key in wrong]


def _truth(spaces: Sequence[Space], days: Days) -> Rows:
    """What the writers would write, from the units taken now."""
    parts: dict[int, list[int]] = {space.pk: [] for space in spaces}
    pairs = SpaceUnit.objects.filter(space__in=parts).values_list("space_id", "unit_id")
    for space_id, unit_id in pairs:
        parts[space_id].append(unit_id)
    busy: dict[int, list[tuple[int, Period]]] = defaultdict(list)
    around = (_instant(days.first - MARGIN), _instant(days.last + MARGIN))
    units = {unit for some in parts.values() for unit in some}
    taken = OccupiedUnit.objects.filter(unit__one_of=units, busy__overlap=around)
    for unit_id, span in taken.values_list("unit_id", "busy"):
        busy[unit_id].append((unit_id, Period(span.lower, span.upper)))
    rows: Rows = {}
    for space in spaces:
        tile = tile_of(space.place.latitude, space.place.longitude)
        mine = [one for unit in parts[space.pk] for one in busy[unit]]
        for (day, lane), bits in taken_quarters(space, parts[space.pk], mine).items():
            if days.first <= day <= days.last:
                rows[day, tile, space.pk, lane] = (space.place.departement_code, to_text(bits))
    return rows


def _instant(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC)


def _written(ids: Sequence[int], days: Days, tiles: Iterable[int]) -> Rows:
    rows = SpaceDay.objects.filter(
        day__in=days.all(), tile__in=list(tiles), space_id__in=list(ids)
    ).exclude(bits=ZERO)
    columns = ("day", "tile", "space_id", "lane", "departement_code", "bits")
    return {
        (day, tile, space_id, lane): (departement, bits)
        for day, tile, space_id, lane, departement, bits in rows.values_list(*columns)
    }


def _remove(keys: Sequence[Key]) -> None:
    if not keys:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM availability_spaceday AS d"
            " USING unnest(%s::date[], %s::int[], %s::bigint[], %s::int[])"
            " AS k(day, tile, space_id, lane) WHERE d.day = k.day AND d.tile = k.tile"
            " AND d.space_id = k.space_id AND d.lane = k.lane",
            [list(column) for column in zip(*keys, strict=True)],
        )


def _put(rows: Rows) -> None:
    if not rows:
        return
    columns = zip(*((*key, *values) for key, values in sorted(rows.items())), strict=True)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO availability_spaceday (day, tile, space_id, lane, departement_code, bits)"
            " SELECT day, tile, space_id, lane, departement_code, bits::bit(100)"
            " FROM unnest(%s::date[], %s::int[], %s::bigint[], %s::int[], %s::text[], %s::text[])"
            " AS fresh(day, tile, space_id, lane, departement_code, bits)"
            " ON CONFLICT (day, tile, space_id, lane) DO UPDATE"
            " SET bits = excluded.bits, departement_code = excluded.departement_code",
            [list(column) for column in columns],
        )


def _difference(
    key: Key, written: tuple[str, str] | None, truth: tuple[str, str] | None
) -> Difference:
    day, tile, space_id, lane = key
    return Difference(
        SPACE_DAY,
        space_id,
        day,
        lane,
        index=_shown(tile, written),
        truth=_shown(tile, truth),
    )


def _shown(tile: int, row: tuple[str, str] | None) -> str:
    """A row in short: where it is and which quarters it takes."""
    if row is None:
        return ""
    departement, bits = row
    spans = " ".join(f"{first}-{end}" for first, end in stretches(from_text(bits)))
    return f"tile {tile} in {departement}, quarters {spans}"
