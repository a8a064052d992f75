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
from preau.availability.facts import opening_of
from preau.availability.models import (
    OccupiedUnit,
    OpeningCalendar,
    OpeningDay,
    SpaceCalendar,
    SpaceDay,
    SpaceIndex,
)
from preau.core import clock
from preau.core.timeranges import Period, day_period, local_days
from preau.places.enums import Publication
from preau.places.locks import lock_root
from preau.places.models import Place, Space

#: How far ahead opening days are written; no space may be booked beyond.
HORIZON = timedelta(days=800)
#: The longest preparation or clean-up a space may have.
MAX_BUFFER = timedelta(hours=12)
TILES_A_ROW = 2400


def tile_of(latitude: float, longitude: float) -> int:
    """The cell of 0.1° × 0.15° a position is in, row after row from the south pole."""
    return int((latitude + 90) // 0.1) * TILES_A_ROW + int((longitude + 180) // 0.15)


def rebuild_opening(calendar: OpeningCalendar, first: date | None = None) -> None:
    """Write the open quarters of every day from `first` (default: yesterday) to the horizon."""
    today = clock.today(calendar.place.zone)
    yesterday = today - timedelta(days=1)
    first = max(first or yesterday, yesterday)
    last = today + HORIZON
    opening = opening_of(calendar, first, last)
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    OpeningDay.objects.filter(calendar=calendar, day__gte=first).delete()
    OpeningDay.objects.bulk_create(
        [
            OpeningDay(day=day, calendar=calendar, bits=to_text(bits))
            for day in days
            if (bits := opening.bits(day))
        ]
    )
    OpeningCalendar.objects.filter(pk=calendar.pk).update(
        built_until=last, facts=facts_key(calendar.place)
    )


def facts_key(place: Place) -> str:
    """What opening days depend on beside the rules: they are stale once the place moves."""
    return f"{place.time_zone} {place.departement_code} {place.commune.school_zone}"


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
    if not bookable:
        SpaceIndex.objects.filter(space=space).delete()
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
    rebuild_space_days(space)


def rebuild_space_days(space: Space) -> None:
    """Recompute every taken day of a space whose buffers, units or position have changed."""
    SpaceDay.objects.filter(space_id=space.pk).delete()
    units = list(space.space_units.values_list("unit_id", flat=True))
    busy = OccupiedUnit.objects.filter(unit_id__in=units).values_list("unit_id", "busy")
    rows = _rows(space, units, [(unit, Period(b.lower, b.upper)) for unit, b in busy])
    _write(space, rows)


def refresh(root_id: int, touched: Iterable[Period]) -> None:
    """Recompute the days that a change of occupancy touches, for the hall and all its parts."""
    spaces = list(
        Space.objects.filter(pk=root_id).union(Space.objects.filter(root_id=root_id)).order_by("id")
    )
    places = {space.place_id: space.place for space in spaces[:1]}
    for space in spaces:
        space.place = places[space.place_id]
        zone = space.place.zone
        days = sorted({d for p in touched for d in local_days(_dilated(space, p), zone)})
        _refresh_days(space, days)


def _refresh_days(space: Space, days: list[date]) -> None:
    zone = space.place.zone
    window = Period(day_period(days[0], zone).start, day_period(days[-1], zone).end)
    near = window.widened(MAX_BUFFER, MAX_BUFFER)
    units = list(space.space_units.values_list("unit_id", flat=True))
    busy = OccupiedUnit.objects.filter(
        unit_id__in=units, busy__overlap=(near.start, near.end)
    ).values_list("unit_id", "busy")
    rows = _rows(space, units, [(unit, Period(b.lower, b.upper)) for unit, b in busy])
    SpaceDay.objects.filter(space_id=space.pk, day__in=days).delete()
    wanted = set(days)
    _write(space, {key: bits for key, bits in rows.items() if key[0] in wanted})


def _dilated(space: Space, busy: Period) -> Period:
    """The asked times that a busy period forbids: a newcomer needs its own preparation too."""
    return busy.widened(space.after, space.before)


def _rows(
    space: Space, units: list[int], busy: list[tuple[int, Period]]
) -> dict[tuple[date, int], int]:
    """(day, lane) → taken quarters. A pool has one lane a unit; any other space has lane 0."""
    lanes = {unit: number if space.is_pool else 0 for number, unit in enumerate(sorted(units))}
    rows: dict[tuple[date, int], int] = defaultdict(int)
    for unit, period in busy:
        for day, bits in masks(_dilated(space, period), space.place.zone).items():
            rows[day, lanes[unit]] |= bits
    return rows


def _write(space: Space, rows: dict[tuple[date, int], int]) -> None:
    tile = tile_of(space.place.latitude, space.place.longitude)
    values = [(day, tile, space.pk, lane, to_text(bits)) for (day, lane), bits in rows.items()]
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO availability_spaceday (day, tile, space_id, lane, bits)"
            " VALUES (%s, %s, %s, %s, %s::bit(100))"
            " ON CONFLICT (day, tile, space_id, lane) DO UPDATE SET bits = excluded.bits",
            values,
        )
