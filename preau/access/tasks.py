"""The clock's part: codes put and taken back when it is time, and everything looked at again."""

from __future__ import annotations

import contextlib
import logging
from datetime import timedelta

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from preau.access.actions import acting, announcing, reconciling
from preau.access.actions.doors import look
from preau.access.enums import DUE, LIVE
from preau.access.models import AccessGrant, Door
from preau.core import clock

_log = logging.getLogger(__name__)
#: Most codes that one minute takes up.
MOST = 1000
#: A lock that somebody expects to open is asked how it is, that often.
LOOKED_EVERY = timedelta(hours=6)


@app.task(name="access.reconcile", retry=5)
def reconcile(occupancy_ids: list[int]) -> None:
    """Bring the codes of occupancies in step with them, then do what is due at once."""
    for pk in occupancy_ids:
        reconciling.reconcile(pk)
    _set_out(occupancy__in=occupancy_ids)


@app.task(name="access.act")
def act(grant_id: int) -> None:
    """Speak to a lock about one code. What fails is tried again by the minute."""
    acting.act(grant_id)


@app.task(name="access.look")
def look_at(door_id: int) -> None:
    """How a lock is, before somebody stands in front of it."""
    look(Door.objects.select_related("account", "place__owner").get(pk=door_id))


@app.periodic(cron="* * * * *")
@app.task(name="access.each_minute", queueing_lock="access.each_minute")
def each_minute(timestamp: int) -> int:
    """Windows that open and close, codes that are due, people to tell."""
    reconciling.close_windows()
    announcing.announce_due()
    return _set_out()


@app.periodic(cron="7,22,37,52 * * * *")
@app.task(name="access.sweep", queueing_lock="access.sweep")
def sweep(timestamp: int) -> int:
    """Everything again, should news have been lost."""
    done = 0
    for verb, rows in (
        (reconciling.reconcile, reconciling.due_occupancies()),
        (reconciling.reconcile_caretaker, reconciling.caretaker_grants()),
    ):
        for pk in rows:
            try:
                verb(pk)
                done += 1
            except Exception:  # one that fails must not keep the others waiting
                _log.exception("%s %s failed", verb.__name__, pk)
    _look_around()
    return done


def _set_out(**which: object) -> int:
    """One task a code that is due; those of a door wait for each other."""
    now = clock.now()
    due = AccessGrant.objects.filter(state__in=DUE, next_try__lte=now, **which)
    rows = due.exclude(leased_until__gt=now).order_by("next_try").values_list("pk", "door_id")
    for pk, door_id in rows[:MOST]:
        with contextlib.suppress(AlreadyEnqueued), transaction.atomic():
            app.configure_task(
                "access.act", lock=f"access.door:{door_id}", queueing_lock=f"access.act:{pk}"
            ).defer(grant_id=pk)
    return len(rows[:MOST])


def _look_around() -> None:
    now = clock.now()
    soon = AccessGrant.objects.filter(state__in=LIVE, starts_at__lte=now + timedelta(hours=30))
    doors = Door.objects.filter(pk__in=soon.values("door"), retired_at=None, account__isnull=False)
    for pk in doors.exclude(asked_at__gt=now - LOOKED_EVERY).values_list("pk", flat=True):
        with contextlib.suppress(AlreadyEnqueued), transaction.atomic():
            app.configure_task(
                "access.look", lock=f"access.door:{pk}", queueing_lock=f"access.look:{pk}"
            ).defer(door_id=pk)
