"""What the bookings do when the engine, the bookings or the conversations have news."""

from __future__ import annotations

import contextlib
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.dispatch import receiver
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from preau.access.actions import follow
from preau.accounts.actors import Actor
from preau.accounts.events import account_closed, account_closing
from preau.accounts.models import User
from preau.agreements.enums import AgreementState
from preau.agreements.events import agreement_changed
from preau.agreements.models import Agreement
from preau.availability.events import hold_lapsed, time_freed
from preau.availability.models import Occupancy
from preau.booking import money
from preau.booking.actions.holds import lapse
from preau.booking.actions.telling import tell_change, tell_message, tell_offer
from preau.booking.enums import BookingState, Change, WaitingState
from preau.booking.events import booking_changed, slot_offered
from preau.booking.models import Booking, WaitingEntry
from preau.booking.news import News
from preau.booking.personal_data import forget
from preau.booking.queries import coming_for_person, with_facts
from preau.conversations.events import message_posted
from preau.conversations.models import Message, Thread
from preau.core.models import AuditEvent
from preau.core.timeranges import Period
from preau.payments.enums import DueState
from preau.payments.events import due_changed, office_changed
from preau.payments.models import CollectingOffice, Due

ENDS_OR_COMPLETES = {
    AgreementState.SIGNED,
    AgreementState.REFUSED,
    AgreementState.EXPIRED,
    AgreementState.CANCELLED,
}
FOLLOW_AGREEMENT = "booking.follow_agreement"
SERVE_WAITING = "booking.serve_waiting"
FOLLOW_PAYMENT = "booking.follow_payment"


@receiver(hold_lapsed)
def mark_lapsed(sender: Any, *, occupancy: Occupancy, **_: Any) -> None:
    booking = Booking.objects.select_for_update().filter(dates__occupancy=occupancy).first()
    if booking is not None:
        lapse(booking)


@receiver(time_freed)
def serve_the_line(sender: Any, *, root_id: int, **_: Any) -> None:
    """Somebody may be waiting for it."""
    in_hall = Q(space=root_id) | Q(space__root=root_id)
    if WaitingEntry.objects.filter(in_hall, state=WaitingState.WAITING, ended_at=None).exists():
        key = f"booking.serve_waiting:{root_id}"
        with contextlib.suppress(AlreadyEnqueued), transaction.atomic():
            app.configure_task(SERVE_WAITING, queueing_lock=key).defer(root_id=root_id)


@receiver(slot_offered)
def write_offer(sender: Any, *, entry: WaitingEntry, **_: Any) -> None:
    tell_offer(entry)


@receiver(agreement_changed)
def follow_agreement(sender: Any, *, agreement: Agreement, actor: Actor, **_: Any) -> None:
    """Signed, it may be all that a booking waited for; refused or expired, it ends the booking.

    By a task: the agreement is locked here, and a booking is locked before its agreement.
    """
    if agreement.state in ENDS_OR_COMPLETES:
        app.configure_task(FOLLOW_AGREEMENT).defer(agreement_id=agreement.pk)


@receiver(account_closing)
def name_live_bookings(sender: Any, *, user: User, **_: Any) -> list[str]:
    """An account closes once its owner is expected nowhere."""
    waiting = coming_for_person(user).count()
    if not waiting:
        return []
    what = "votre réservation à venir" if waiting == 1 else f"vos {waiting} réservations à venir"
    return [f"annulez {what}"]


@receiver(account_closed)
def forget_person(sender: Any, *, user: User, **_: Any) -> None:
    forget(user)


@receiver(booking_changed)
def follow_money(sender: Any, *, booking: Booking, change: Change, actor: Actor, **_: Any) -> None:
    """What is due changes with it; the letters, written next, say it."""
    money.follow(booking, change, actor)


@receiver(booking_changed)
def write_letters(
    sender: Any,
    *,
    booking: Booking,
    change: Change,
    actor: Actor,
    previous: Period | None,
    event: AuditEvent,
    **_: Any,
) -> None:
    if change == Change.BROUGHT_IN:  # agreed long ago, elsewhere: nobody has news of it
        return
    tell_change(News(booking, change, previous), event, actor=actor)


@receiver(booking_changed)
def follow_with_codes(sender: Any, *, booking: Booking, **_: Any) -> None:
    """The doors open to who is expected, when they are; what was given back, `access` hears of."""
    if booking.state == BookingState.CONFIRMED:
        follow(booking.place_id, booking.dates.values_list("occupancy_id", flat=True))


@receiver(due_changed)
def follow_payment(sender: Any, *, due: Due, **_: Any) -> None:
    """Paid, it may be all that a booking waited for.

    By a task: the due is locked here, and a booking is locked before its due.
    """
    kind, _sep, reference = due.source.partition(":")
    if kind == "booking" and due.state == DueState.PAID:
        app.configure_task(FOLLOW_PAYMENT).defer(reference=reference)


@receiver(office_changed)
def follow_office(sender: Any, *, office: CollectingOffice, **_: Any) -> None:
    """Bookings that wait to be complete: their payment may hold them back no more, or anew."""
    owed = office.dues.filter(state=DueState.OPEN, source__startswith="booking:")
    references = [source.partition(":")[2] for source in owed.values_list("source", flat=True)]
    waiting = Booking.objects.filter(state=BookingState.TO_COMPLETE, reference__in=references)
    for reference in waiting.order_by("id").values_list("reference", flat=True):
        app.configure_task(FOLLOW_PAYMENT).defer(reference=reference)


@receiver(message_posted)
def pass_on_message(
    sender: Any, *, thread: Thread, message: Message, actor: Actor, **_: Any
) -> None:
    booking = with_facts().filter(thread=thread).first()
    if booking is not None:
        tell_message(booking, message, actor=actor)
