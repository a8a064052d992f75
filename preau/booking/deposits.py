"""The deposit (caution) of a booking: asked once it is confirmed, dropped when it ends unkept."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from preau.accounts.actors import Actor
from preau.booking.enums import BLOCKING, BookingState, Change
from preau.booking.events import booking_changed
from preau.booking.models import Booking
from preau.booking.money import source_of
from preau.payments.actions.deposits import drop, want
from preau.payments.actions.dues import Payer
from preau.payments.queries import office_of

#: What may come with another price, hence another deposit.
_MAY_COST_ANOTHER = frozenset(
    {Change.MOVED, Change.DATES_CHANGED, Change.CHANGE_ACCEPTED, Change.PRICE_SET}
)


@receiver(booking_changed)
def follow_with_deposit(
    sender: Any, *, booking: Booking, change: Change, actor: Actor, **_: Any
) -> None:
    """As its frozen price says; the booking is locked here. Nothing is read when there is none."""
    if booking.price_id is None or change == Change.BROUGHT_IN:
        return
    if booking.price is None:
        return
    if not booking.price.deposit_cents:
        if change in _MAY_COST_ANOTHER:  # moved where none is asked: nothing is expected any more
            drop(source_of(booking), actor=actor, turn=_turn(booking))
        return
    if booking.state == BookingState.CONFIRMED:
        _ask(booking, actor)
    elif booking.state not in BLOCKING:
        drop(source_of(booking), actor=actor)


def _ask(booking: Booking, actor: Actor) -> None:
    office = office_of(booking.place)
    if office is None or booking.price is None:  # who keeps no office asks by hand, as ever
        return
    email = booking.caller_email
    holds = booking.requester_still_holds
    want(
        source=source_of(booking),
        office=office,
        place=booking.place,
        label=f"{booking.space.name}, {booking.place.name} ({booking.reference})",
        holder=Payer(
            booking.holder_name,
            booking.requester if holds else None,
            booking.organization,
            email=email,
        ),
        cents=booking.price.deposit_cents,
        turn=_turn(booking),
        actor=actor,
    )


def _turn(booking: Booking) -> str:
    return f"price:{booking.price_id}"


def begins_at(source: str) -> datetime | None:
    """When the booking of a deposit begins; None when it is no booking's."""
    room, _, reference = source.partition(":")
    if room != "booking":
        return None
    found = Booking.objects.filter(reference=reference).values_list("starts_at", flat=True)
    return found.first()
