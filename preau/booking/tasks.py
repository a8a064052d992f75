"""The clock's part: holds that lapse, requests that nobody answers. Each run is idempotent."""

from __future__ import annotations

import logging

from django.db import transaction
from django.db.models import Q
from procrastinate.contrib.django import app

from preau.availability.actions.occupancies import clear_lapsed_holds
from preau.availability.models import Occupancy
from preau.booking.actions.requests import expire
from preau.booking.enums import UNANSWERED, BookingState
from preau.booking.models import Booking
from preau.core import clock
from preau.places.locks import lock_root

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
