"""The price of a booking: frozen when it is sent, amended when its dates change."""

from __future__ import annotations

from collections.abc import Sequence

from preau.accounts.actors import Actor
from preau.booking.actions.steps import occupancies_of
from preau.booking.models import Booking, BookingDate
from preau.core import clock
from preau.places.enums import UserCategory
from preau.pricing import actions as pricing
from preau.pricing.payers import Payer, caller, payer_for
from preau.pricing.queries import cancellation_fee
from preau.pricing.quotes import Quote, quote
from preau.pricing.wanted import Wanted


def payer_of_booking(booking: Booking) -> Payer:
    """Whoever the booking is for, as far as prices go."""
    if booking.requester_id is None and booking.caller_category:
        return caller(UserCategory(booking.caller_category))
    return payer_for(booking.requester, booking.organization)


def wanted_options(booking: Booking) -> list[Wanted]:
    return [Wanted(int(pk), int(quantity)) for pk, quantity in booking.wanted_options]


def estimate(booking: Booking, payer: Payer) -> Quote:
    """What the booking would cost if it were sent now."""
    taken = occupancies_of(booking)
    return quote(
        booking.space,
        [one.span for one in taken],
        payer,
        options=wanted_options(booking),
        quantity=booking.occupancy.quantity,
        attendance=booking.attendance,
    )


def set_price(booking: Booking, actor: Actor, *, agreed_cents: int | None = None) -> None:
    """Freeze the price of the booking as it stands; what it counted on before is given back.

    Raises:
        Refusal: an option or a free booking has gone meanwhile; it is dearer than was shown.
    """
    booking.price = pricing.freeze(
        booking.space,
        occupancies_of(booking),
        payer_of_booking(booking),
        actor=actor,
        options=wanted_options(booking),
        attendance=booking.attendance,
        replaces=booking.price,
        agreed_cents=agreed_cents,
    )
    booking.save(update_fields=["price"])


def set_price_at_most(booking: Booking, actor: Actor, why: str) -> None:
    """The same when the manager changed the dates: the occupant never pays more for it."""
    before = booking.price
    set_price(booking, actor)
    after = booking.price
    if before is None or after is None or before.is_on_request:
        return
    if after.total_cents > before.total_cents:
        booking.price = pricing.decide(after, before.total_cents, why, actor=actor)
        booking.save(update_fields=["price"])


def keep_fees(booking: Booking, dates: Sequence[BookingDate]) -> None:
    """Note what stays due of the dates that the occupant is giving back."""
    for date in dates:
        date.fee_cents = fee_of(booking, date)
    BookingDate.objects.bulk_update(dates, ["fee_cents"])


def fee_of(booking: Booking, date: BookingDate) -> int:
    """What stays due if the occupant gives a date back now."""
    price = booking.price
    if price is None or booking.decided_at is None:
        return 0
    amount = price.amount_of(date.occupancy_id)
    return cancellation_fee(price, date.period.start, amount, clock.now())
