"""The time kept for a change that was asked for: taken beside the booking's own, then given up."""

from __future__ import annotations

from collections.abc import Collection

from preau.accounts.actors import Actor
from preau.availability.actions.occupancies import (
    Use,
    keep_also,
    move,
    occupy,
    overlaps,
    release_many,
)
from preau.availability.models import Occupancy
from preau.booking.enums import ChangeRequestState, DateState
from preau.booking.models import Booking, BookingDate, ChangeRequest
from preau.core import clock
from preau.core.timeranges import Period


def pending(booking: Booking) -> ChangeRequest | None:
    """The change now waiting for an answer."""
    rows = booking.change_requests.select_related("date__occupancy__space", "occupancy__space")
    return rows.filter(state=ChangeRequestState.ASKED).first()


def keep(date: BookingDate, period: Period, use: Use, *, actor: Actor) -> Occupancy | None:
    """Keep another time for a date; None where its own occupancy keeps both.

    Raises:
        SlotTaken: it is not free.
    """
    own = date.occupancy
    if overlaps(own, period):
        keep_also(own, period, actor=actor)
        return None
    return occupy(own.space, period, use, actor=actor, quantity=own.quantity)


def give_up(change: ChangeRequest, state: ChangeRequestState, *, actor: Actor) -> None:
    """End a change that will not be made: the time kept for it is free again."""
    if change.occupancy is not None:
        release_many([change.occupancy], actor=actor)
    elif change.period is not None and change.date.state == DateState.PLANNED:
        own = change.date.occupancy
        own.refresh_from_db()
        if own.released_at is None:
            move(own, own.span, actor=actor)
    change.state, change.decided_at = state, clock.now()
    change.save()


def give_up_for(
    booking: Booking, *, actor: Actor, dates: Collection[BookingDate] | None = None
) -> None:
    """What was asked of these dates, or of any, has no object any more."""
    change = pending(booking)
    if change is not None and (dates is None or change.date_id in {one.pk for one in dates}):
        give_up(change, ChangeRequestState.WITHDRAWN, actor=actor)
