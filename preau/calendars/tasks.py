"""The clock's part: each calendar is read every hour."""

from __future__ import annotations

import contextlib
from datetime import timedelta

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from preau.calendars.actions import following, reading
from preau.core import clock

EVERY = timedelta(minutes=55)


@app.task(name=following.READ)
def read_one(calendar_id: int, accept_loss: bool = False) -> None:
    reading.read(calendar_id, accept_loss=accept_loss)


@app.periodic(cron="*/5 * * * *")
@app.task(name="calendars.read_due", queueing_lock="calendars.read_due")
def read_due(timestamp: int) -> int:
    found = reading.due(clock.now() - EVERY)
    for pk in found:
        task = app.configure_task(following.READ, queueing_lock=f"{following.READ}:{pk}")
        with contextlib.suppress(AlreadyEnqueued), transaction.atomic():
            task.defer(calendar_id=pk)
    return len(found)
