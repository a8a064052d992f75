"""The clock's part: holds that lapse, requests that nobody answers. Each run is idempotent."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from typing import TypeVar

from django.db import transaction
from django.db.models import Model, Q
from procrastinate.contrib.django import app

from preau.accounts.actors import SYSTEM
from preau.agreements.models import Agreement
from preau.availability.actions.occupancies import clear_lapsed_holds
from preau.availability.models import Occupancy
from preau.booking.actions import changes, reminders
from preau.booking.actions.following import follow, paid
from preau.booking.actions.requests import expire
from preau.booking.actions.waiting import close_past, serve_hall
from preau.booking.enums import UNANSWERED, BookingState, ChangeRequestState
from preau.booking.models import Booking, ChangeRequest, WaitingEntry
from preau.core import clock
from preau.places.locks import lock_root
from preau.places.models import Space

_log = logging.getLogger(__name__)
Row = TypeVar("Row", bound=Model)


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
    return _each(overdue, expire)


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="booking.expire_changes")
def expire_changes(timestamp: int) -> int:
    """End the changes that nobody answered: the time kept for them is free."""
    overdue = ChangeRequest.objects.filter(
        state=ChangeRequestState.ASKED, answer_by__lte=clock.now()
    )
    return _each(overdue.select_related("booking__space").order_by("id"), changes.expire)


@app.periodic(cron="*/15 * * * *")
@app.task(queueing_lock="booking.remind")
def remind(timestamp: int) -> int:
    """Remind whoever is due to act, before it is too late."""
    told = _each(reminders.approvals_due(), reminders.remind_approval)
    return told + _each(reminders.bookings_to_complete(), reminders.remind_completion)


def _each(rows: Iterable[Row], act: Callable[[Row], object]) -> int:
    """Do it for each; how many it was done for. `act` says False when there was nothing to do."""
    done = 0
    for row in rows:
        try:
            done += act(row) is not False
        except Exception:  # one that fails must not keep the others waiting; the next run retries
            _log.exception("%s %s failed", act.__name__, row.pk)
    return done


@app.task(name="booking.follow_agreement", retry=10)
def follow_agreement(agreement_id: int) -> None:
    """Confirm, or end, the booking of an agreement that was signed, refused or left unsigned."""
    agreement = Agreement.objects.get(pk=agreement_id)
    booking = Booking.objects.filter(agreement=agreement.amends_id or agreement.pk).first()
    if booking is not None:
        follow(booking, agreement, actor=SYSTEM)


@app.task(name="booking.follow_payment", retry=10)
def follow_payment(reference: str) -> None:
    """Confirm a booking that waited only for its payment."""
    booking = Booking.objects.filter(reference=reference).first()
    if booking is not None:
        paid(booking, actor=SYSTEM)


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
