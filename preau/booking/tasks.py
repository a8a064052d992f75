"""The clock's part: holds that lapse, requests that nobody answers. Each run is idempotent."""

from __future__ import annotations

import logging

from django.db import transaction
from django.db.models import Q
from procrastinate.contrib.django import app

from preau.availability.actions.occupancies import clear_lapsed_holds
from preau.availability.models import Occupancy
from preau.booking.actions.requests import expire
from preau.booking.actions.waiting import close_past, serve_hall
from preau.booking.enums import UNANSWERED, BookingState
from preau.booking.models import Booking, WaitingEntry
from preau.core import clock
from preau.places.locks import lock_root
from preau.places.models import Space

_log = logging.getLogger(__name__)


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="booking.clear_holds")
def clear_holds(timestamp: int) -> int:
    """Free the slots of visitors who have gone, hall by hall."""
    late = Occupancy.objects.filter(
        released_at=None, hold_until__isnull=False, hold_until__lte=clock.now()
    ).select_related("root")
    roots = {occupancy.root_id: occupancy.root for occupancy in late}
    for _, root in sorted(roots.items()):
        with transaction.atomic():
            clear_lapsed_holds(lock_root(root))
    return len(roots)


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="booking.expire_requests")
def expire_requests(timestamp: int) -> int:
    """End what was not answered, or not completed, in time."""
    overdue = list(
        Booking.objects.filter(
            Q(state__in=UNANSWERED, answer_by__lte=clock.now())
            | Q(state=BookingState.TO_COMPLETE, complete_by__lte=clock.now())
        )
        .select_related("space")
        .order_by("id")
    )
    ended = 0
    for booking in overdue:
        try:
            expire(booking)
            ended += 1
        except Exception:  # one that fails must not keep the others waiting; the next run retries
            _log.exception("Booking %s could not be ended", booking.pk)
    return ended


@app.task(name="booking.serve_waiting")
def serve_waiting(root_id: int) -> int:
    """Offer what has come free in a hall to those who wait for it."""
    return serve_hall(Space.objects.get(pk=root_id))


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="booking.sweep_waiting")
def sweep_waiting(timestamp: int) -> int:
    """The same everywhere, should freed time have gone unnoticed; pointless waits end."""
    live = WaitingEntry.objects.filter(ended_at=None).select_related("space__root")
    for entry in live.filter(starts_at__lte=clock.now()):
        close_past(entry)
    halls = {one.space.root_id_or_self: one.space.root or one.space for one in live.all()}
    return sum(serve_hall(root) for _, root in sorted(halls.items()))
