"""The night's part: opening days written ever further ahead."""

from __future__ import annotations

from django.db import transaction
from procrastinate.contrib.django import app

from preau.availability.models import OpeningCalendar
from preau.availability.opening_index import HORIZON, rebuild_opening
from preau.core import clock


@app.periodic(cron="15 2 * * *")
@app.task(queueing_lock="availability.extend_horizon")
def extend_horizon(timestamp: int) -> int:
    """Write the days that have come within the horizon. Past days stay: they are what was open."""
    written = 0
    calendars = OpeningCalendar.objects.select_related("place__commune").order_by("id")
    for calendar in calendars.iterator():
        today = clock.today(calendar.place.zone)
        if calendar.built_until is None or calendar.built_until < today + HORIZON:
            with transaction.atomic():
                locked = OpeningCalendar.objects.select_for_update(of=("self",)).get(pk=calendar.pk)
                rebuild_opening(locked)
            written += 1
    return written
