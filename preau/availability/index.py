"""Writing the search index from the truth, in the transaction that changes the truth.

Nothing here decides anything: whatever the index says, `OccupiedUnit`'s constraint has the last
word. Rows are always recomputed whole, never patched, so that running twice changes nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from preau.availability.bits import masks, to_text
from preau.availability.models import (
    OccupiedUnit,
    SpaceCalendar,
    SpaceDay,
    SpaceIndex,
)
from preau.core import clock
from preau.core.timeranges import Period, day_period, local_days
from preau.places.locks import lock_root
from preau.places.models import Space, SpaceEquipment, SpaceUnit

#: The longest preparation or clean-up a space may have.
MAX_BUFFER = timedelta(hours=12)
#: A week's page begins on its Monday, wherever in the world: older taken days are read by nobody.
KEPT = timedelta(days=8)
WESTERNMOST = ZoneInfo("Etc/GMT+12")
TILES_A_ROW = 9600


def tile_of(latitude: float, longitude: float) -> int:
    """The cell of 1/40° × 3/80° (under 3 km) a position is in, row after row from the south."""
    return int((latitude + 90) * 40) * TILES_A_ROW + int((longitude + 180) * 80 / 3)


def first_kept() -> date:
    """The first day whose taken quarters anybody may still read."""
    return clock.today(WESTERNMOST) - KEPT


@transaction.atomic
def index_space(space: Space) -> None:
    """Write, or withdraw, the row by which search finds a space, and its occupied days."""
    lock_root(space)  # whoever books now read the place as it was: let them finish
    known = SpaceIndex.objects.filter(space=space)
    before = known.values_list("tile", flat=True).first()
    row = search_rows([space]).get(space.pk)
    if row is None:
        known.delete()
    else:
        write_search_rows([row])
    _move_days(space, before)


def search_rows(spaces: Sequence[Space]) -> dict[int, SpaceIndex]:
    """Space → the row it is found by, for those that may be booked; their places are loaded."""
    ids = [space.pk for space in spaces]
    calendars = dict(
        SpaceCalendar.objects.filter(space__in=ids).values_list("space_id", "calendar_id")
    )
    equipment: dict[int, int] = defaultdict(int)
    for space_id, kind in SpaceEquipment.objects.filter(space__in=ids).values_list("space", "kind"):
        equipment[space_id] |= 1 << kind
    lanes: dict[int, int] = defaultdict(int)
    pools = [space.pk for space in spaces if space.is_pool]
    if pools:
        for space_id in SpaceUnit.objects.filter(space__in=pools).values_list("space", flat=True):
            lanes[space_id] += 1
    return {
        space.pk: _search_row(
            space, calendars[space.pk], equipment[space.pk], lanes[space.pk] if space.is_pool else 1
        )
        for space in spaces
        if space.pk in calendars and space.is_public
    }


def _search_row(space: Space, calendar_id: int, equipment: int, lanes: int) -> SpaceIndex:
    place = space.place
    return SpaceIndex(
        space_id=space.pk,
        place_id=place.pk,
        owner_id=place.owner_id,
        departement_code=place.departement_code,
        tile=tile_of(place.latitude, place.longitude),
        latitude=place.latitude,
        longitude=place.longitude,
        calendar_id=calendar_id,
        zone=place.time_zone,
        capacity=space.capacity,
        kind=space.kind,
        place_kind=place.kind,
        equipment=equipment,
        is_accessible=space.is_accessible and place.is_accessible,
        price_from_cents=space.price_from_cents,
        lanes=lanes,
        min_minutes=space.min_minutes,
        max_minutes=space.max_minutes,
        step_minutes=space.step_minutes,
        lead_minutes=space.lead_minutes,
        horizon_days=space.horizon_days,
    )


def write_search_rows(rows: Sequence[SpaceIndex]) -> None:
    columns = [field.name for field in SpaceIndex._meta.concrete_fields if not field.primary_key]
    SpaceIndex.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["space"], update_fields=columns
    )


@dataclass(frozen=True, slots=True)
class _Part:
    """What a space's taken days depend on: its buffers, its units, where its place stands."""

    space_id: int
    is_pool: bool
    before: timedelta
    after: timedelta
    units: tuple[int, ...]  # in order: a pool has one lane a unit
    tile: int
    zone: ZoneInfo
    departement: str

    def rows(self, busy: Iterable[Busy]) -> dict[tuple[date, int], int]:
        """(day, lane) → taken quarters. A pool has one lane a unit; any other space has lane 0."""
        lanes = {unit: n if self.is_pool else 0 for n, unit in enumerate(self.units)}
        found: dict[tuple[date, int], int] = defaultdict(int)
        for period, units in _together(busy):
            mine = {lanes[unit] for unit in units if unit in lanes}
            if not mine:
                continue
            for day, bits in masks(_dilated(self, period), self.zone).items():
                for lane in mine:
                    found[day, lane] |= bits
        return found


def _dilated(part: _Part, busy: Period) -> Period:
    """The times that a busy period forbids: a newcomer needs its own preparation too."""
    return busy.widened(part.after, part.before)


#: A unit and when somebody has it.
Busy = tuple[int, Period]


def _together(busy: Iterable[Busy]) -> Iterable[tuple[Period, set[int]]]:
    """The units that are taken for one and the same time: a whole hall is one computation."""
    found: dict[Period, set[int]] = defaultdict(set)
    for unit, period in busy:
        found[period].add(unit)
    return found.items()


def taken_quarters(
    space: Space, units: Iterable[int], busy: Iterable[Busy]
) -> dict[tuple[date, int], int]:
    """(day, lane) → taken quarters of a space made of these units."""
    place = space.place
    part = _Part(
        space_id=space.pk,
        is_pool=space.is_pool,
        before=space.before,
        after=space.after,
        units=tuple(sorted(units)),
        tile=tile_of(place.latitude, place.longitude),
        zone=place.zone,
        departement=place.departement_code,
    )
    return part.rows(busy)


_PARTS = """
SELECT s.id, s.is_pool, s.buffer_before, s.buffer_after,
       ARRAY(SELECT u.unit_id FROM places_spaceunit AS u WHERE u.space_id = s.id ORDER BY 1),
       p.latitude, p.longitude, p.time_zone, p.departement_code
FROM places_space AS s JOIN places_place AS p ON p.id = s.place_id
WHERE {} ORDER BY s.id
"""


def _parts(condition: str, *ids: int) -> list[_Part]:
    with connection.cursor() as cursor:
        cursor.execute(_PARTS.format(condition), ids)
        return [
            _Part(
                space_id=pk,
                is_pool=is_pool,
                before=timedelta(minutes=before),
                after=timedelta(minutes=after),
                units=tuple(units),
                tile=tile_of(latitude, longitude),
                zone=ZoneInfo(time_zone),
                departement=departement,
            )
            for (
                pk,
                is_pool,
                before,
                after,
                units,
                latitude,
                longitude,
                time_zone,
                departement,
            ) in cursor.fetchall()
        ]


# One probe of the constraint's own index for each unit and stretch, whatever is planned around.
_BUSY = """
SELECT b.unit_id, b.busy FROM unnest(%s::bigint[]) AS u(id)
CROSS JOIN unnest(%s::tstzrange[]) AS near(busy)
CROSS JOIN LATERAL (
  SELECT o.unit_id, o.busy FROM availability_occupiedunit AS o
  WHERE o.unit_id = u.id AND o.busy && near.busy OFFSET 0
) AS b
"""


def _busy(units: Iterable[int], near: Iterable[Period]) -> list[Busy]:
    """Who has these units during these times."""
    ranges = [DateTimeTZRange(one.start, one.end, "[)") for one in near]
    with connection.cursor() as cursor:
        cursor.execute(_BUSY, [sorted(set(units)), ranges])
        return [(unit, Period(busy.lower, busy.upper)) for unit, busy in cursor.fetchall()]


def _move_days(space: Space, before: int | None) -> None:
    """Recompute the taken days of a space whose buffers, units or position may have changed.

    Args:
        before: the tile where search found it until now, if it did.
    """
    first = first_kept()
    for part in _parts("s.id = %s", space.pk):
        busy = _busy_still(part.units)
        zone, wide = part.zone, MAX_BUFFER  # whatever its buffers were
        touched = {d for _, p in busy for d in local_days(p.widened(wide, wide), zone)}
        days = sorted(day for day in touched if day >= first)
        here = SpaceDay.objects.filter(day__in=days, space_id=part.space_id)
        if before is not None and before != part.tile:
            here.filter(tile=before).delete()
        elif before is None and days and not here.filter(tile=part.tile).exists():
            here.delete()  # moved while unpublished
        rows = {key: bits for key, bits in part.rows(busy).items() if key[0] >= first}
        _write([part], days, {part.space_id: rows})


def _busy_still(units: Iterable[int]) -> list[Busy]:
    """Who has these units on the days that somebody may still read."""
    margin = MAX_BUFFER + timedelta(days=1)  # wherever it is
    start = datetime.combine(first_kept(), time(), tzinfo=UTC) - margin
    rows = OccupiedUnit.objects.filter(
        unit__one_of=list(units), busy__overlap=DateTimeTZRange(start, None)
    )
    return [
        (unit, Period(busy.lower, busy.upper)) for unit, busy in rows.values_list("unit_id", "busy")
    ]


def refresh(root_id: int, touched: Collection[Period]) -> None:
    """Recompute the days that a change of occupancy touches, for the hall and all its parts.

    Three statements, whatever the number of parts and of periods.
    """
    parts = _parts("s.id = %s OR s.root_id = %s", root_id, root_id)
    zone = parts[0].zone  # a hall stands in one place
    forbidden = {_dilated(part, period) for part in parts for period in touched}
    days = sorted({day for period in forbidden for day in local_days(period, zone)})
    if not days:
        return
    units = {unit for part in parts for unit in part.units}
    busy = _busy(units, [near.widened(MAX_BUFFER, MAX_BUFFER) for near in _runs(days, zone)])
    wanted = set(days)
    _write(
        parts,
        days,
        {
            part.space_id: {key: bits for key, bits in part.rows(busy).items() if key[0] in wanted}
            for part in parts
        },
    )


def _runs(days: list[date], zone: ZoneInfo) -> Iterable[Period]:
    """The days, those that follow each other as one period."""
    first = previous = days[0]
    for day in days[1:]:
        if day - previous > timedelta(days=2):  # what is read around them would overlap
            yield Period(day_period(first, zone).start, day_period(previous, zone).end)
            first = day
        previous = day
    yield Period(day_period(first, zone).start, day_period(previous, zone).end)


# In the order of the key, so that the pages of the index are met once each. What is there already
# and right is not written again.
_WRITE = """
WITH fresh AS MATERIALIZED (
  SELECT * FROM unnest(%(days)s::date[], %(spaces)s::bigint[], %(lanes)s::int[],
                       %(bits)s::bit(100)[]) AS f(day, space_id, lane, bits)
), gone AS (
  DELETE FROM availability_spaceday AS d
  WHERE d.day = ANY(%(touched)s::date[]) AND d.tile = %(tile)s
    AND d.space_id = ANY(%(parts)s::bigint[])
    AND (d.day, d.space_id, d.lane::int) NOT IN (SELECT day, space_id, lane FROM fresh)
)
INSERT INTO availability_spaceday AS d (day, tile, space_id, lane, departement_code, bits)
SELECT day, %(tile)s, space_id, lane, %(departement)s, bits FROM fresh ORDER BY 1, 2, 3, 4
ON CONFLICT (day, tile, space_id, lane)
DO UPDATE SET bits = excluded.bits, departement_code = excluded.departement_code
WHERE (d.bits, d.departement_code) IS DISTINCT FROM (excluded.bits, excluded.departement_code)
"""


def _write(
    parts: list[_Part], days: list[date], rows: Mapping[int, Mapping[tuple[date, int], int]]
) -> None:
    """Make these the rows of these spaces of one hall on these days, and no others."""
    fresh = [
        (day, pk, lane, to_text(bits))
        for pk, found in rows.items()
        for (day, lane), bits in found.items()
    ]
    values: dict[str, Any] = {
        "days": [row[0] for row in fresh],
        "spaces": [row[1] for row in fresh],
        "lanes": [row[2] for row in fresh],
        "bits": [row[3] for row in fresh],
        "touched": days,
        "parts": [part.space_id for part in parts],
        "tile": parts[0].tile,
        "departement": parts[0].departement,
    }
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, values)
