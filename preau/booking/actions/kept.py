"""The time kept for a change that was asked for: taken beside the booking's own, then given up."""

from __future__ import annotations

from collections.abc import Collection

from django.db import IntegrityError, transaction

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
from preau.core.errors import Refusal
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
        _keep_both(own, period, actor)
        return None
    return occupy(own.space, period, use, actor=actor, quantity=own.quantity)


def _keep_both(own: Occupancy, period: Period, actor: Actor) -> None:
    """Its options follow the time taken: their stock may not last that long."""
    try:
        with transaction.atomic():
            keep_also(own, period, actor=actor)
    except IntegrityError as error:
        diagnosis = getattr(error.__cause__, "diag", None)
        if getattr(diagnosis, "constraint_name", "") != "option_stock":
            raise
        raise Refusal(
            "Une option de votre réservation n’est plus disponible à ces heures.",
            code="option_gone",
        ) from error


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
