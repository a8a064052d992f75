"""One date of a booking, several, or one more: the rest of the booking stands."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from preau.accounts.actors import Actor
from preau.availability.actions.occupancies import Use, occupy, release_many
from preau.availability.models import Occupancy
from preau.booking.actions.agreeing import redraw
from preau.booking.actions.kept import give_up_for
from preau.booking.actions.prices import (
    is_decided,
    keep_fees,
    set_price,
    set_price_at_most,
)
from preau.booking.actions.requests import cancel
from preau.booking.actions.steps import (
    frame,
    locked,
    required,
    shift,
    standing_dates,
    tell,
    use_of,
)
from preau.booking.enums import BLOCKING, BookingState, Change, DateState, Side
from preau.booking.models import Booking, BookingDate
from preau.core import audit, clock
from preau.core.errors import Refusal
from preau.core.timeranges import Period
from preau.places.models import Space


@transaction.atomic
def cancel_dates(
    booking: Booking, dates: Collection[int], reason: str, *, side: Side, actor: Actor
) -> Booking:
    """Give back some of its dates; when none is left the booking itself is cancelled.

    Args:
        dates: the keys of the `BookingDate`s; those already cancelled or past are left alone.
    """
    if side == Side.MANAGER:
        required(reason, "Indiquez le motif de l’annulation : l’occupant le lira.")
    booking = live(booking)
    now, standing = clock.now(), standing_dates(booking)
    chosen = [one for one in standing if one.pk in set(dates) and one.period.end > now]
    if not chosen:
        return booking
    if len(chosen) == len(standing):
        return cancel(booking, reason, side=side, actor=actor)
    if side == Side.OCCUPANT:
        keep_fees(booking, chosen)
    give_up_for(booking, actor=actor, dates=chosen)
    release_many([one.occupancy for one in chosen], actor=actor, reason=reason)
    for one in chosen:
        one.state, one.reason, one.changed_at = DateState.CANCELLED, reason, now
    BookingDate.objects.bulk_update(chosen, ["state", "reason", "changed_at"])
    note(booking, actor, reason, side=side)
    return booking


@transaction.atomic
def move_date(
    date: BookingDate, period: Period, reason: str, *, actor: Actor, space: Space | None = None
) -> Booking:
    """Shift one date, in its space or into another one.

    Raises:
        SlotTaken: the new time is not free; nothing has changed.
    """
    booking = live(date.booking)
    date = _standing(booking, date.pk)
    if period.end <= clock.now():
        raise Refusal("Ce créneau est passé. Choisissez une date à venir.", code="past")
    give_up_for(booking, actor=actor, dates=[date])
    if space is None or space.pk == date.occupancy.space_id:
        shift(booking, date.occupancy, period, actor)
    else:
        before = date.occupancy
        date.occupancy = take_for(booking, space, period, actor, quantity=before.quantity)
        date.save(update_fields=["occupancy"])
        release_many([before], actor=actor, reason=reason)
    note(booking, actor, reason)
    return booking


@transaction.atomic
def add_date(booking: Booking, space: Space, period: Period, *, actor: Actor) -> BookingDate:
    """One more date, for instance a day that was skipped.

    Raises:
        SlotTaken: the time is not free.
    """
    booking = live(booking)
    occupancy = take_for(booking, space, period, actor, quantity=booking.occupancy.quantity)
    date = BookingDate.objects.create(booking=booking, occupancy=occupancy)
    note(booking, actor, "")
    return date


@transaction.atomic
def record_no_show(date: BookingDate, *, actor: Actor) -> BookingDate:
    """Note that nobody came. Noting it twice is harmless.

    Raises:
        Refusal: the booking was not sure, or the date has not begun.
    """
    booking = locked(date.booking)
    date = BookingDate.objects.select_for_update(of=("self",)).get(pk=date.pk)
    if date.state == DateState.NO_SHOW:
        return date
    if booking.state != BookingState.CONFIRMED or date.state != DateState.PLANNED:
        raise Refusal("Cette date n’était pas confirmée.", code="gone")
    if date.period.start > clock.now():
        raise Refusal("Cette date n’a pas encore commencé.", code="not_yet")
    date.state, date.changed_at = DateState.NO_SHOW, clock.now()
    date.save(update_fields=["state", "changed_at"])
    audit.record(actor, "booking.no_show", booking, date=date.pk)
    return date


def live(booking: Booking) -> Booking:
    """The booking, locked, as long as it has not ended.

    Raises:
        Refusal: it has.
    """
    booking = locked(booking)
    if booking.state not in BLOCKING:
        raise Refusal("Cette réservation est terminée.", code="gone")
    return booking


def take_for(
    booking: Booking, space: Space, period: Period, actor: Actor, *, quantity: int
) -> Occupancy:
    """Time for the booking, in a space of the same owner.

    Raises:
        SlotTaken: it is not free.
        Refusal: the space is another owner's.
    """
    if space.place.owner_id != booking.place.owner_id:
        raise Refusal("Choisissez un espace du même propriétaire.", code="other_owner")
    use: Use = use_of(booking)
    return occupy(space, period, use, actor=actor, quantity=quantity if space.is_pool else 1)


def note(booking: Booking, actor: Actor, reason: str, *, side: Side = Side.MANAGER) -> None:
    """Write down that its dates have changed: price, agreement, news to both sides."""
    frame(booking)
    if reason:
        booking.reason = reason
    booking.save()
    if booking.state == BookingState.HELD:
        return
    if side == Side.MANAGER:
        set_price_at_most(booking, actor, "Dates changées par le gestionnaire : prix gardé.")
    elif booking.price is not None and is_decided(booking.price):
        set_price_at_most(booking, actor, "Prix convenu, pour les dates qui restent.")
    elif booking.price is not None:
        set_price(booking, actor)
    redraw(booking, reason, actor)
    tell(booking, Change.DATES_CHANGED, actor, reason=reason)


def _standing(booking: Booking, pk: int) -> BookingDate:
    for date in standing_dates(booking):
        if date.pk == pk:
            return date
    raise Refusal("Cette date est déjà annulée.", code="gone")
