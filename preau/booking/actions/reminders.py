"""Reminders before a deadline: to whoever's accord is due, to the occupant who must complete.

A reminder is noted in the transaction that writes it: the same run twice reminds once.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from preau.accounts.actors import SYSTEM
from preau.booking import checklist, letters
from preau.booking.actions.telling import remind_approvers, remind_occupant
from preau.booking.checklist import Who
from preau.booking.enums import ApprovalState, BookingState
from preau.booking.models import Approval, Booking
from preau.booking.queries import with_facts
from preau.core import audit, clock
from preau.core.formats import local
from preau.core.timeranges import local_instant

LAST_DAY = timedelta(days=1)
#: How long before its deadline an accepted booking that lacks something is spoken of again: that
#: many days, in the morning, the limit itself being often the end of a day.
BEFORE_COMPLETION = (timedelta(days=3), timedelta(days=1))
MORNING = 9 * 60


def approvals_due() -> list[Approval]:
    """Accords that may call for a reminder: `remind_approval` decides."""
    return list(
        Approval.objects.filter(
            state=ApprovalState.WAITING,
            booking__state=BookingState.REQUESTED,
            booking__answer_by__gt=clock.now(),
        ).order_by("id")
    )


def bookings_to_complete() -> list[Booking]:
    soon = clock.now() + max(BEFORE_COMPLETION) + timedelta(days=1)
    return list(
        Booking.objects.filter(
            state=BookingState.TO_COMPLETE, complete_by__gt=clock.now(), complete_by__lte=soon
        ).order_by("id")
    )


@transaction.atomic
def remind_approval(approval: Approval) -> bool:
    """Remind once at half the delay and once on the last day."""
    approval = Approval.objects.select_for_update().get(pk=approval.pk)
    booking = with_facts().get(pk=approval.booking_id)
    opened, until = approval.opened_at, booking.answer_by
    if approval.state != ApprovalState.WAITING or opened is None or until is None:
        return False
    moments = [opened + (until - opened) / 2, until - LAST_DAY]
    reached = _reached([one for one in moments if one > opened], approval.reminded_at)
    if reached is None or booking.state != BookingState.REQUESTED or _is_silent(booking):
        return False
    approval.reminded_at = clock.now()
    approval.save(update_fields=["reminded_at"])
    remind_approvers(
        booking, letters.still_to_answer(booking), f"{approval.pk}:{reached:%Y%m%d%H%M}"
    )
    audit.record(SYSTEM, "booking.approvers_reminded", booking)
    return True


@transaction.atomic
def remind_completion(booking: Booking) -> bool:
    """Remind the occupant three days, then one day before the deadline, of what is theirs to do."""
    Booking.objects.select_for_update().get(pk=booking.pk)
    booking = with_facts().get(pk=booking.pk)
    until, told = booking.complete_by, booking.completion_reminded_at
    if booking.state != BookingState.TO_COMPLETE or until is None or _is_silent(booking):
        return False
    accepted = booking.decided_at or booking.created_at
    zone = booking.place.zone
    last = local(until, zone).date()
    moments = [local_instant(last - one, MORNING, zone) for one in BEFORE_COMPLETION]
    reached = _reached([one for one in moments if one > accepted], told)
    mine = [one for one in checklist.missing(booking) if one.who == Who.OCCUPANT]
    if reached is None or not mine:
        return False
    booking.completion_reminded_at = clock.now()
    booking.save(update_fields=["completion_reminded_at"])
    remind_occupant(booking, letters.still_to_complete(booking, mine), f"{reached:%Y%m%d%H%M}")
    audit.record(SYSTEM, "booking.occupant_reminded", booking)
    return True


def _reached(moments: list[datetime], told: datetime | None) -> datetime | None:
    """The latest of these moments that has come and of which nobody was told."""
    come = [one for one in moments if one <= clock.now() and (told is None or told < one)]
    return max(come, default=None)


def _is_silent(booking: Booking) -> bool:
    """Whether the owner wants no reminders."""
    return booking.rules is not None and not booking.rules.reminds
