"""The price of a booking: frozen when it is sent, amended when its dates change."""

from __future__ import annotations

from collections.abc import Sequence

from preau.accounts.actors import Actor
from preau.availability.models import Occupancy
from preau.booking.actions.steps import occupancies_of, standing_dates
from preau.booking.models import Booking, BookingDate
from preau.core import clock
from preau.core.errors import Refusal
from preau.core.timeranges import Period
from preau.places.enums import UserCategory
from preau.pricing import actions as pricing
from preau.pricing.enums import LineKind
from preau.pricing.models import FrozenPrice
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
    booking.price = price_now(booking, occupancies_of(booking), actor, agreed_cents=agreed_cents)
    booking.save(update_fields=["price"])


def price_now(
    booking: Booking,
    taken: Sequence[Occupancy],
    actor: Actor,
    *,
    agreed_cents: int | None = None,
) -> FrozenPrice:
    """The same, for who saves the booking: the price of the time it takes."""
    return pricing.freeze(
        booking.space,
        taken,
        payer_of_booking(booking),
        actor=actor,
        options=wanted_options(booking),
        attendance=booking.attendance,
        replaces=booking.price,
        agreed_cents=agreed_cents,
    )


def set_price_at_most(booking: Booking, actor: Actor, why: str) -> None:
    """The same when the manager changed the dates: the occupant never pays more for it."""
    before = booking.price
    if before is None:  # agreed at the counter or elsewhere: moving it makes no price
        return
    set_price(booking, actor)
    after = booking.price
    if before.is_on_request or after is None:
        return
    most = _agreed_for(before, len(after.amounts))
    if is_decided(before) or after.is_on_request or after.total_cents > most:
        booking.price = pricing.decide(after, most, why, actor=actor)
        booking.save(update_fields=["price"])


def _agreed_for(price: FrozenPrice, dates: int) -> int:
    """What was agreed; of a price set by hand, the part of the dates that are left."""
    had = len(price.amounts)
    return price.total_cents * min(dates, had) // had if is_decided(price) else price.total_cents


def keep_fees(booking: Booking, dates: Sequence[BookingDate]) -> None:
    """Note what stays due of the dates that the occupant is giving back."""
    changed = []
    for date in dates:
        fee = fee_of(booking, date)
        if fee != date.fee_cents:
            date.fee_cents = fee
            changed.append(date)
    if changed:
        BookingDate.objects.bulk_update(changed, ["fee_cents"])


def fee_of(booking: Booking, date: BookingDate) -> int:
    """What stays due if the occupant gives a date back now."""
    price = booking.price
    if price is None or booking.decided_at is None:
        return 0
    amount = price.amount_of(date.occupancy_id)
    return cancellation_fee(price, date.period.start, amount, clock.now())


# --- What the manager sets by hand


def is_decided(price: FrozenPrice) -> bool:
    """Whether a manager set it: no tariff computes it again."""
    return any(line["kind"] == LineKind.DECIDED for line in price.lines)


def require_price(booking: Booking) -> None:
    """Raises: Refusal: `price_missing`, the price is on request and nobody has set it yet."""
    if booking.price is not None and booking.price.is_on_request:
        raise Refusal(
            "Le prix de cet espace est sur demande : fixez-le avant d’accepter, même s’il est nul.",
            code="price_missing",
        )


# --- What a change asked by the occupant costs


def difference_of(
    booking: Booking, date: BookingDate, period: Period | None, attendance: int | None
) -> int:
    """What a change of one date, or of how many people, adds to the price or takes off."""
    price = booking.price
    if price is None or price.is_on_request or is_decided(price):
        return 0
    dates = standing_dates(booking)
    found = quote(
        booking.space,
        [period if period and one.pk == date.pk else one.period for one in dates],
        payer_of_booking(booking),
        options=wanted_options(booking),
        quantity=booking.occupancy.quantity,
        attendance=attendance or booking.attendance,
        set_aside=[one.occupancy_id for one in dates],
    )
    return 0 if found.on_request else found.total_cents - price.total_cents


def set_price_of_change(booking: Booking, difference_cents: int, actor: Actor) -> None:
    """Freeze the price of a booking that has just changed: never dearer than was announced."""
    before = booking.price
    if before is None:
        return
    set_price(booking, actor)
    after = booking.price
    if before.is_on_request or after is None:
        return
    most = max(before.total_cents + difference_cents, 0)
    if is_decided(before) or after.is_on_request or after.total_cents > most:
        why = "Prix convenu, gardé après le changement."
        booking.price = pricing.decide(after, most, why, actor=actor)
        booking.save(update_fields=["price"])
