"""What became of a slot that somebody wanted: held, still free, gone; what to offer then."""

from __future__ import annotations

from dataclasses import dataclass, field

from preau.availability.queries.space import Slot, check
from preau.booking.actions.holds import is_live
from preau.booking.models import Booking
from preau.booking.queries import other_slots
from preau.core.errors import Refusal
from preau.core.timeranges import Period
from preau.places.models import Space


@dataclass(frozen=True)
class Verdict:
    """Whether a slot may be had, and if not why, and what is near.

    Attributes:
        refusal: the sentence; "" when the slot is free.
        others: the nearest free slots of the same length.
    """

    refusal: str = ""
    code: str = ""
    others: list[Slot] = field(default_factory=list)


def verdict(space: Space, period: Period, quantity: int = 1) -> Verdict:
    try:
        check(space, period, quantity=quantity)
    except Refusal as refusal:
        return refused(refusal, space, period, quantity)
    return Verdict()


def refused(refusal: Refusal, space: Space, period: Period, quantity: int = 1) -> Verdict:
    """The same, when an action has already said no."""
    others = other_slots(space, period, quantity=quantity)
    return Verdict(refusal.sentence, refusal.code, others)


def of_hold(booking: Booking) -> Verdict | None:
    """What has become of a hold; None while it is live."""
    if is_live(booking):
        return None
    if booking.occupancy.released_at is None:  # overdue, and nobody has come for it
        return Verdict()
    return verdict(booking.space, booking.period, booking.occupancy.quantity)
