"""What stays due of a booking given back: before it is, and once it was."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Sum

from preau.booking.actions.prices import fee_of
from preau.booking.actions.steps import standing_dates
from preau.booking.models import Booking, BookingDate
from preau.core import clock
from preau.core.formats import count
from preau.pricing.models import FrozenPrice


@dataclass(frozen=True)
class Due:
    """What stays due of one date, were the occupant to give it back now."""

    date: BookingDate
    cents: int


@dataclass(frozen=True)
class Cost:
    """What giving a whole booking back would cost its occupant now."""

    dates: list[Due]
    terms: list[str]

    @property
    def cents(self) -> int:
        return sum(one.cents for one in self.dates)

    @property
    def due(self) -> list[Due]:
        """Only the dates of which something stays due."""
        return [one for one in self.dates if one.cents]


def cost_of_cancelling(booking: Booking) -> Cost:
    now = clock.now()
    coming = [date for date in standing_dates(booking) if date.period.end > now]
    return Cost([Due(date, fee_of(booking, date)) for date in coming], terms_of(booking.price))


def terms_of(price: FrozenPrice | None) -> list[str]:
    """The rules frozen with the price, in words; the longest notice first."""
    tiers = price.terms.get("cancellation", []) if price else []
    ordered = sorted(tiers, key=lambda tier: -int(tier["hours_before"]))
    return [
        f"Annulation à moins de {_delay(int(tier['hours_before']))} du début : "
        f"{tier['fee_percent']} % du prix restent dus."
        for tier in ordered
    ]


def kept(booking: Booking) -> int:
    """What stays due of the dates that the occupant gave back, in cents."""
    found = booking.dates.filter(fee_cents__gt=0).aggregate(total=Sum("fee_cents"))
    return int(found["total"] or 0)


def _delay(hours: int) -> str:
    if hours % 24 == 0 and hours > 48:
        return count(hours // 24, "jour")
    return count(hours, "heure")
