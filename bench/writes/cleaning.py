"""Taking out what the measures wrote, and comparing the index with the truth where they wrote."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db import connection, transaction

from bench.figures import progress
from bench.writes.slots import MARK
from preau.availability.bits import to_text
from preau.availability.index import refresh, taken_quarters, tile_of
from preau.availability.models import OccupiedUnit, SpaceDay
from preau.core import clock
from preau.core.timeranges import Period
from preau.places.models import Space, SpaceUnit

#: Halls compared at the end, evenly among those written in.
MOST_COMPARED = 100
_STEPS = (
    # What hangs on our bookings, outermost first.
    "CREATE TEMPORARY TABLE ours ON COMMIT DROP AS"
    " SELECT id, thread_id, price_id FROM booking_booking WHERE visitor_key LIKE %(mark)s",
    "CREATE TEMPORARY TABLE times ON COMMIT DROP AS"
    " SELECT d.occupancy_id AS id FROM booking_bookingdate AS d JOIN ours ON ours.id = d.booking_id"
    " UNION SELECT b.occupancy_id FROM booking_booking AS b JOIN ours ON ours.id = b.id"
    " UNION SELECT id FROM availability_occupancy WHERE label = %(label)s",
    "CREATE TEMPORARY TABLE told ON COMMIT DROP AS"
    " SELECT e.id FROM notifications_email AS e"
    " WHERE split_part(e.cause, ':', 1) = 'booking'"
    " AND split_part(e.cause, ':', 2) IN (SELECT id::text FROM ours)",
    "DELETE FROM procrastinate_jobs WHERE lock IN (SELECT 'email:' || id FROM told)",
    "DELETE FROM notifications_email WHERE id IN (SELECT id FROM told)",
    "DELETE FROM notifications_notification WHERE split_part(cause, ':', 1) = 'booking'"
    " AND split_part(cause, ':', 2) IN (SELECT id::text FROM ours)",
    "DELETE FROM core_auditevent WHERE (subject_type, subject_id) IN ("
    " SELECT 'booking.booking', id::text FROM ours"
    " UNION ALL SELECT 'availability.occupancy', id::text FROM times"
    " UNION ALL SELECT 'conversations.thread', thread_id::text FROM ours"
    " UNION ALL SELECT 'pricing.frozenprice', price_id::text FROM ours)",
    "DELETE FROM booking_approval WHERE booking_id IN (SELECT id FROM ours)",
    "DELETE FROM booking_bookingseries WHERE booking_id IN (SELECT id FROM ours)",
    "DELETE FROM booking_bookingdate WHERE booking_id IN (SELECT id FROM ours)",
    "DELETE FROM booking_booking WHERE id IN (SELECT id FROM ours)",
    "DELETE FROM conversations_threadaudience WHERE thread_id IN (SELECT thread_id FROM ours)",
    "DELETE FROM conversations_thread WHERE id IN (SELECT thread_id FROM ours)",
    "DELETE FROM pricing_optiontaken WHERE occupancy_id IN (SELECT id FROM times)",
    "DELETE FROM pricing_quotause WHERE occupancy_id IN (SELECT id FROM times)",
    "DELETE FROM pricing_frozenprice WHERE id IN (SELECT price_id FROM ours)",
    "DELETE FROM availability_occupiedunit WHERE occupancy_id IN (SELECT id FROM times)",
    "DELETE FROM availability_occupancy WHERE id IN (SELECT id FROM times)"
    " RETURNING root_id, lower(busy), upper(busy)",
)


def remove() -> list[int]:
    """Everything the measures booked, and the days of the index that follow; which halls."""
    values = {"mark": f"{MARK}:%", "label": MARK}
    touched: dict[int, list[Period]] = {}
    with transaction.atomic():
        with connection.cursor() as cursor:
            for step in _STEPS:
                cursor.execute(step, values)
            for root, start, end in cursor.fetchall():
                touched.setdefault(root, []).append(Period(start, end))
        for done, (root, periods) in enumerate(touched.items(), 1):
            refresh(root, periods)
            progress("writes: taking out", done, len(touched))
    return sorted(touched)


def wrong_days(halls: list[int]) -> int:
    """Rows of the search index, in some halls, that the truth does not give; 0 expected."""
    wrong = 0
    halls = halls[:: max(len(halls) // MOST_COMPARED, 1)]
    parts = Space.objects.filter(pk__in=halls) | Space.objects.filter(root__in=halls)
    spaces = list(parts.select_related("place"))
    for done, space in enumerate(spaces, 1):
        units = SpaceUnit.objects.filter(space=space).values_list("unit_id", flat=True)
        busy = OccupiedUnit.objects.filter(unit_id__in=list(units))
        taken = [(u, Period(b.lower, b.upper)) for u, b in busy.values_list("unit_id", "busy")]
        true: dict[Any, str] = {
            key: to_text(bits) for key, bits in taken_quarters(space, units, taken).items()
        }
        days = sorted({day for day, _ in true})
        tile = tile_of(space.place.latitude, space.place.longitude)
        rows = SpaceDay.objects.filter(space_id=space.pk, tile=tile, day__in=_around(days))
        written = {(day, lane): bits for day, lane, bits in rows.values_list("day", "lane", "bits")}
        wrong += sum(true.get(key) != written.get(key) for key in true.keys() | written.keys())
        progress("writes: comparing the index", done, len(spaces))
    return wrong


def _around(days: list[date]) -> list[date]:
    """And all the days to come on which a row could have been left."""
    today = clock.now().date()
    return sorted({*days, *(today + timedelta(days=n) for n in range(-2, 800))})
