"""Writing the search index from the truth, in the transaction that changes the truth.

Nothing here decides anything: whatever the index says, `OccupiedUnit`'s constraint has the last
word. Rows are always recomputed whole, never patched, so that running twice changes nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta

from django.db import connection, transaction

from preau.availability.bits import masks, to_text
from preau.availability.models import (
    OccupiedUnit,
    SpaceCalendar,
    SpaceDay,
    SpaceIndex,
)
from preau.core.timeranges import Period, day_period, local_days
from preau.places.enums import Publication
from preau.places.locks import lock_root
from preau.places.models import Space

#: The longest preparation or clean-up a space may have.
MAX_BUFFER = timedelta(hours=12)
TILES_A_ROW = 2400


def tile_of(latitude: float, longitude: float) -> int:
    """The cell of 0.1° × 0.15° a position is in, row after row from the south pole."""
    return int((latitude + 90) // 0.1) * TILES_A_ROW + int((longitude + 180) // 0.15)


@transaction.atomic
def index_space(space: Space) -> None:
    """Write, or withdraw, the row by which search finds a space, and its occupied days."""
    lock_root(space)  # whoever books now read the place as it was: let them finish
    opening = SpaceCalendar.objects.filter(space=space).first()
    place = space.place
    bookable = (
        opening is not None
        and space.publication == Publication.PUBLISHED
        and place.publication == Publication.PUBLISHED
    )
    tile = tile_of(place.latitude, place.longitude)
    known = SpaceIndex.objects.filter(space=space)
    before = known.values_list("tile", flat=True).first()
    if not bookable:
        known.delete()
    elif opening is not None:
        equipment = sum(1 << kind for kind in set(space.equipment.values_list("kind", flat=True)))
        SpaceIndex.objects.update_or_create(
            space=space,
            defaults={
                "place_id": place.pk,
                "departement_code": place.departement_code,
                "tile": tile,
                "latitude": place.latitude,
                "longitude": place.longitude,
                "calendar_id": opening.calendar_id,
                "zone": place.time_zone,
                "capacity": space.capacity,
                "kind": space.kind,
                "place_kind": place.kind,
                "equipment": equipment,
                "is_accessible": space.is_accessible and place.is_accessible,
                "price_from_cents": space.price_from_cents,
                "lanes": space.space_units.count() if space.is_pool else 1,
                "min_minutes": space.min_minutes,
                "max_minutes": space.max_minutes,
                "step_minutes": space.step_minutes,
                "lead_minutes": space.lead_minutes,
                "horizon_days": space.horizon_days,
            },
        )
    _move_days(space, before)


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

    def dilated(self, busy: Period) -> Period:
        """The times that a busy period forbids: a newcomer needs its own preparation too."""
        return busy.widened(self.after, self.before)

    def rows(self, busy: Iterable[Busy]) -> dict[tuple[date, int], int]:
        """(day, lane) → taken quarters. A pool has one lane a unit; any other space has lane 0."""
        lanes = {unit: n if self.is_pool else 0 for n, unit in enumerate(self.units)}
        found: dict[tuple[date, int], int] = defaultdict(int)
        for period, units in _together(busy):
            mine = {lanes[unit] for unit in units if unit in lanes}
            if not mine:
                continue
            for day, bits in masks(self.dilated(period), self.zone).items():
                for lane in mine:
                    found[day, lane] |= bits
        return found


#: A unit and when somebody has it.
Busy = tuple[int, Period]


def _together(busy: Iterable[Busy]) -> Iterable[tuple[Period, set[int]]]:
    """The units that are taken for one and the same time: a whole hall is one computation."""
    found: dict[Period, set[int]] = defaultdict(set)
    for unit, period in busy:
        found[period].add(unit)
    return found.items()


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
                zone=zone_of(time_zone),
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


def rebuild_space_days(space: Space) -> None:
    """Recompute every taken day of a space, wherever it was. Walks the whole index: for repairs
    and tests; an edited space goes through `index_space`."""
    SpaceDay.objects.filter(space_id=space.pk).delete()
    for part in _parts("s.id = %s", space.pk):
        rows = part.rows(_all_busy(part.units))
        _write([part], sorted({day for day, _ in rows}), {part.space_id: rows})


def _move_days(space: Space, before: int | None) -> None:
    """Recompute the taken days of a space whose buffers, units or position may have changed.

    Args:
        before: the tile where search found it until now, if it did.
    """
    for part in _parts("s.id = %s", space.pk):
        busy = _all_busy(part.units)
        zone, wide = part.zone, MAX_BUFFER  # whatever its buffers were
        days = sorted({d for _, p in busy for d in local_days(p.widened(wide, wide), zone)})
        here = SpaceDay.objects.filter(day__in=days, space_id=part.space_id)
        if before is not None and before != part.tile:
            here.filter(tile=before).delete()
        elif before is None and days and not here.filter(tile=part.tile).exists():
            SpaceDay.objects.filter(space_id=part.space_id).delete()  # moved while unpublished
        _write([part], days, {part.space_id: part.rows(busy)})


def _all_busy(units: Iterable[int]) -> list[Busy]:
    rows = OccupiedUnit.objects.filter(unit_id__in=list(units)).values_list("unit_id", "busy")
    return [(unit, Period(busy.lower, busy.upper)) for unit, busy in rows]


def refresh(root_id: int, touched: Collection[Period]) -> None:
    """Recompute the days that a change of occupancy touches, for the hall and all its parts.

    Three statements, whatever the number of parts and of periods.
    """
    parts = _parts("s.id = %s OR s.root_id = %s", root_id, root_id)
    zone = parts[0].zone  # a hall stands in one place
    forbidden = {part.dilated(period) for part in parts for period in touched}
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
    values = {
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
