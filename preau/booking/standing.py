"""What became of a slot that somebody wanted: held, still free, gone; what to offer then."""

from __future__ import annotations

from dataclasses import dataclass, field

from preau.availability.models import OccupiedUnit
from preau.availability.queries.alternatives import alternatives_for
from preau.availability.queries.series import Look, days_of
from preau.availability.queries.space import check
from preau.booking.actions.holds import is_live
from preau.booking.enums import BookingState
from preau.booking.models import Booking
from preau.core import formats
from preau.core.errors import Refusal
from preau.core.timeranges import Period
from preau.places.models import Space


@dataclass(frozen=True)
class Other:
    """Another slot, of this space or of another, and how it differs from the one wanted."""

    space: Space
    period: Period
    sentence: str


@dataclass(frozen=True)
class Verdict:
    """Whether a slot may be had, and if not why, and what is near.

    Attributes:
        refusal: the sentence; "" when the slot is free.
        others: the nearest free slots of the same length, here first.
    """

    refusal: str = ""
    code: str = ""
    others: list[Other] = field(default_factory=list)


def verdict(
    space: Space, period: Period, quantity: int = 1, *, leaving: Booking | None = None
) -> Verdict:
    """Whether the slot may be had by somebody who leaves another one for it.

    Args:
        leaving: the visitor's own booking; while it is only a hold it is not in the way.
    """
    try:
        check(space, period, quantity=quantity)
    except Refusal as refusal:
        own = leaving if leaving and leaving.state == BookingState.HELD else None
        if own and refusal.code == "slot_taken" and _free_without(own, space, period, quantity):
            return Verdict()
        return refused(refusal, space, period, quantity)
    return Verdict()


def _free_without(leaving: Booking, space: Space, period: Period, quantity: int) -> bool:
    """Whether nobody but this hold has enough of the space."""
    busy = period.widened(space.before, space.after)
    units = set(space.space_units.values_list("unit_id", flat=True))
    others = OccupiedUnit.objects.filter(unit__one_of=units, busy__overlap=(busy.start, busy.end))
    taken = set(others.exclude(occupancy=leaving.occupancy_id).values_list("unit_id", flat=True))
    return len(units - taken) >= (quantity if space.is_pool else len(units))


def refused(refusal: Refusal, space: Space, period: Period, quantity: int = 1) -> Verdict:
    """The same, when an action has already said no."""
    return Verdict(refusal.sentence, refusal.code, other_slots(space, period, quantity))


def other_slots(space: Space, period: Period, quantity: int = 1) -> list[Other]:
    if period.minutes > space.max_minutes:
        return []
    found = alternatives_for(space, period, quantity=quantity, each=3)
    spaces = Space.objects.select_related("place__commune").in_bulk([one.space_id for one in found])
    return [
        Other(spaces[one.space_id], one.period, one.sentence)
        for one in found
        if one.space_id in spaces and spaces[one.space_id].is_public
    ]


def of_hold(booking: Booking) -> Verdict | None:
    """What has become of a hold; None while it is live."""
    if is_live(booking):
        return None
    if booking.occupancy.released_at is None:  # overdue, and nobody has come for it
        return Verdict()
    if booking.is_series:
        return _of_dates(booking)
    return verdict(booking.space, booking.period, booking.occupancy.quantity)


def _of_dates(booking: Booking) -> Verdict:
    """The same for a series: free again, or which dates somebody else has."""
    dates, zone = booking.series.standing, booking.place.zone
    spaces = list({one.occupancy.space_id: one.occupancy.space for one in dates}.values())
    look = Look(spaces, days_of((one.period for one in dates), zone))
    lost = [
        formats.day(one.period.start.astimezone(zone).date())
        for one in dates
        if look.refusal(one.occupancy.space, one.period, one.occupancy.quantity)
    ]
    if not lost:
        return Verdict()
    return Verdict(f"Ne peuvent plus être réservées : {', '.join(lost)}.", "slot_taken")
