"""The manager sets a price themself: one on request, or another than the tariff's."""

from __future__ import annotations

from django.db import transaction

from preau.accounts.actors import Actor
from preau.booking.actions.agreeing import redraw
from preau.booking.actions.steps import locked, tell
from preau.booking.enums import ACCEPTED, UNANSWERED, Change
from preau.booking.models import Booking
from preau.core.errors import Refusal
from preau.pricing import actions as pricing


def may_set(booking: Booking) -> bool:
    """Before the answer, or after it as long as nobody has named a price."""
    price = booking.price
    if price is None:
        return False
    return booking.state in UNANSWERED or (booking.state in ACCEPTED and price.is_on_request)


@transaction.atomic
def decide_price(booking: Booking, cents: int, explanation: str, *, actor: Actor) -> Booking:
    """Set the price, and tell the occupant.

    Raises:
        Refusal: the booking is over, or its price is agreed already.
    """
    booking = locked(booking)
    if not may_set(booking) or booking.price is None:
        raise Refusal("Le prix de cette réservation ne peut plus être changé.", code="gone")
    booking.price = pricing.decide(booking.price, cents, explanation, actor=actor)
    booking.save(update_fields=["price"])
    redraw(booking, "Prix fixé par le gestionnaire.", actor)
    tell(booking, Change.PRICE_SET, actor, reason=explanation)
    return booking
