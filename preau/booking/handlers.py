"""What the bookings do when the engine, the bookings or the conversations have news."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from preau.accounts.actors import Actor
from preau.accounts.events import account_closed, account_closing
from preau.accounts.models import User
from preau.availability.events import hold_lapsed
from preau.availability.models import Occupancy
from preau.booking.actions.holds import lapse
from preau.booking.actions.telling import tell_change, tell_message
from preau.booking.enums import Change
from preau.booking.events import booking_changed
from preau.booking.models import Booking
from preau.booking.news import News
from preau.booking.personal_data import forget
from preau.booking.queries import coming_for_person, with_facts
from preau.conversations.events import message_posted
from preau.conversations.models import Message, Thread
from preau.core.timeranges import Period


@receiver(hold_lapsed)
def mark_lapsed(sender: Any, *, occupancy: Occupancy, **_: Any) -> None:
    booking = Booking.objects.select_for_update().filter(dates__occupancy=occupancy).first()
    if booking is not None:
        lapse(booking)


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
def write_letters(
    sender: Any,
    *,
    booking: Booking,
    change: Change,
    actor: Actor,
    previous: Period | None,
    **_: Any,
) -> None:
    fresh = with_facts().get(pk=booking.pk)
    tell_change(News(fresh, change, previous), actor=actor)


@receiver(message_posted)
def pass_on_message(
    sender: Any, *, thread: Thread, message: Message, actor: Actor, **_: Any
) -> None:
    booking = with_facts().filter(thread=thread).first()
    if booking is not None:
        tell_message(booking, message, actor=actor)
