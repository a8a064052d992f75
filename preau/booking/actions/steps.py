"""What every verb shares: alone on the hall, one transition, one line of history, one news."""

from __future__ import annotations

from dataclasses import dataclass

from preau.accounts.actors import Actor
from preau.availability.actions.occupancies import release
from preau.booking.enums import TRANSITIONS, BookingState, Change, Side
from preau.booking.events import booking_changed
from preau.booking.models import Booking
from preau.core import audit, clock
from preau.core.errors import Refusal
from preau.core.timeranges import Period
from preau.places.locks import lock_root


@dataclass(frozen=True)
class Details:
    """What the occupant says of the occasion."""

    purpose: str
    attendance: int
    is_public_event: bool
    contact_name: str
    contact_phone: str
    remarks: str = ""


def locked(booking: Booking) -> Booking:
    """The booking as it stands, once we are alone on its hall."""
    lock_root(booking.space)
    return (
        Booking.objects.select_for_update(of=("self",))
        .select_related("space__place__commune", "place", "occupancy", "requester", "organization")
        .get(pk=booking.pk)
    )


def transition(
    booking: Booking,
    to: BookingState,
    change: Change,
    actor: Actor,
    *,
    reason: str = "",
    previous: Period | None = None,
) -> None:
    state = BookingState(booking.state)
    if to != state and to not in TRANSITIONS.get(state, frozenset()):
        raise Refusal("Cette action n’est plus possible sur cette réservation.", code="gone")
    booking.state = to
    booking.save()
    tell(booking, change, actor, reason=reason, previous=previous)


def tell(
    booking: Booking,
    change: Change,
    actor: Actor,
    *,
    reason: str = "",
    previous: Period | None = None,
) -> None:
    audit.record(actor, f"booking.{change.name.lower()}", booking, reason=reason)
    booking_changed.send(
        sender=Booking, booking=booking, change=change, actor=actor, previous=previous
    )


def finish(booking: Booking, to: BookingState, change: Change, side: Side, actor: Actor) -> None:
    booking.ended_at, booking.ended_by_side = clock.now(), side
    release(booking.occupancy, actor=actor, reason=booking.reason)
    transition(booking, to, change, actor, reason=booking.reason)


def required(reason: str, sentence: str) -> None:
    if not reason.strip():
        raise Refusal(sentence, field="reason", code="reason_required")


def fill(booking: Booking, details: Details) -> None:
    booking.purpose = details.purpose
    booking.attendance = details.attendance
    booking.is_public_event = details.is_public_event
    booking.contact_name = details.contact_name
    booking.contact_phone = details.contact_phone
    booking.remarks = details.remarks


def details_of(booking: Booking) -> Details:
    return Details(
        purpose=booking.purpose,
        attendance=booking.attendance or 0,
        is_public_event=booking.is_public_event,
        contact_name=booking.contact_name,
        contact_phone=booking.contact_phone,
        remarks=booking.remarks,
    )
