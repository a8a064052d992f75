"""A held slot: taken for a quarter of an hour while the visitor fills in the form.

Order of the locks: the visitor (so that two tabs do not hold three slots), the root, the booking.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import timedelta

from django.db import connection, transaction

from preau.accounts.actors import Actor
from preau.availability.actions.occupancies import (
    SlotTaken,
    Use,
    clear_lapsed_holds,
    release_many,
    take,
)
from preau.availability.enums import OccupancyKind
from preau.availability.models import Occupancy
from preau.availability.queries.space import check
from preau.booking.actions.steps import (
    Details,
    details_of,
    fill,
    frame,
    locked,
    occupancies_of,
    standing_dates,
)
from preau.booking.actions.waiting import serve, settle_offer
from preau.booking.enums import BookingState, WaitingState
from preau.booking.models import Booking, BookingDate
from preau.booking.queries import live_holds, same_slot
from preau.core import clock, rows
from preau.core.errors import Refusal
from preau.core.timeranges import Period
from preau.places.locks import lock_root, lock_roots, queue_for
from preau.places.models import Space

HOLD = timedelta(minutes=15)
MAX_LIVE_HOLDS = 2
_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


@transaction.atomic
def hold(
    space: Space, period: Period, *, actor: Actor, visitor_key: str, quantity: int = 1
) -> Booking:
    """Keep a slot for a visitor, signed in or not, while they fill in the form.

    Holding again what the same visitor already holds gives the same booking back.

    Raises:
        Refusal: the rules of the space, or two slots are already held.
        SlotTaken: the slot is not free.
    """
    queue(visitor_key)
    queue_for([space.root_id_or_self])
    if _anything_stands(space, visitor_key):
        root = lock_root(space)
        clear_lapsed_holds(root)
        serve(root)  # those who wait in line come first
        mine = list(live_holds([visitor_key]))
        if own := same_slot(mine, space, period, quantity):
            return own
        check_limit(mine)
    return begin(space, [_take(space, period, quantity, actor)], visitor_key=visitor_key)


def _anything_stands(space: Space, visitor_key: str) -> bool:
    """Whether a hold of the hall has lapsed, somebody waits for it, or the visitor holds a slot.

    One look instead of four where, as nearly always, there is none. Call it with the hall locked.
    """
    root = space.root_id_or_self
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM availability_occupancy WHERE root_id = %(root)s"
            " AND released_at IS NULL AND hold_until IS NOT NULL AND hold_until <= %(now)s)"
            " OR EXISTS (SELECT FROM booking_waitingentry WHERE ended_at IS NULL AND space_id IN"
            " (SELECT id FROM places_space WHERE id = %(root)s OR root_id = %(root)s))"
            " OR EXISTS (SELECT FROM booking_booking"
            " WHERE visitor_key = %(key)s AND state = %(held)s)",
            {
                "root": root,
                "now": clock.now(),
                "key": visitor_key,
                "held": BookingState.HELD,
            },
        )
        row = cursor.fetchone()
    return bool(row and row[0])


def begin(space: Space, taken: Sequence[Occupancy], *, visitor_key: str = "") -> Booking:
    """A booking of these times, before anything is asked. Call it where they were taken.

    Args:
        taken: its dates, in order; in other halls too when a series evades a conflict.
    """
    fresh = Booking(
        reference=_reference(),
        occupancy=taken[0],
        starts_at=taken[0].span.start,
        ends_at=max(one.span.end for one in taken),
        space=space,
        place_id=space.place_id,
        departement_code=taken[0].departement_code,
        visitor_key=visitor_key,
        created_at=clock.now(),
    )
    [booking] = rows.insert([fresh])
    dates = [BookingDate(booking=booking, occupancy=one) for one in taken]
    if len(dates) == 1:
        rows.insert(dates)
    else:
        BookingDate.objects.bulk_create(dates)
    return booking


@transaction.atomic
def exchange(
    booking: Booking, space: Space, period: Period, *, actor: Actor, visitor_key: str, quantity: int
) -> Booking:
    """Hold another slot instead of this one, with what was already typed.

    Raises:
        Refusal, SlotTaken: the other slot cannot be had; this one stays as it was.
    """
    queue(visitor_key)
    lock_roots([booking.space, space])
    booking = locked(booking)
    if booking.state == BookingState.HELD:
        _give_back(booking, actor)
    fresh = hold(space, period, actor=actor, visitor_key=visitor_key, quantity=quantity)
    fresh.requester, fresh.organization = booking.requester, booking.organization
    fill(fresh, details_of(booking))
    fresh.save()
    return fresh


@transaction.atomic
def hold_again(booking: Booking, *, actor: Actor) -> Booking:
    """Hold once more a slot whose quarter of an hour is over, under the same reference.

    Raises:
        Refusal: the rules of the space, or two other slots are held.
        SlotTaken: somebody else has it.
    """
    queue(booking.visitor_key)
    booking = locked(booking)
    end_overdue(booking)
    if booking.state == BookingState.LAPSED:
        check_limit(list(live_holds([booking.visitor_key])))
        take_again(booking, actor)
    return booking


def end_overdue(booking: Booking) -> None:
    """End a hold whose time is over and that no task has come for yet, so that it is taken again
    like any other time: after those who wait in line. Call it with the booking locked.
    """
    if booking.state == BookingState.HELD and not is_live(booking):
        for root in lock_roots([one.space for one in occupancies_of(booking)]):
            clear_lapsed_holds(root)
        booking.refresh_from_db(fields=["state", "ended_at"])


def take_again(booking: Booking, actor: Actor) -> None:
    """Give a lapsed booking its time back, if it is still free. Call it with the booking locked."""
    dates = standing_dates(booking)
    for root in lock_roots([date.occupancy.space for date in dates]):
        clear_lapsed_holds(root)  # its own dates in another hall may still seem held
        serve(root)  # those who wait in line come first
    for date in dates:
        before = date.occupancy
        try:
            date.occupancy = _take(before.space, before.span, before.quantity, actor)
        except Refusal as error:
            if error.code != "slot_taken":
                raise
            raise SlotTaken(
                "Le créneau n’était plus retenu pour vous et quelqu’un d’autre l’a pris. "
                "Choisissez-en un autre parmi ceux proposés."
            ) from error
        date.save(update_fields=["occupancy"])
    frame(booking)
    booking.state, booking.ended_at = BookingState.HELD, None
    booking.save()


@transaction.atomic
def keep_draft(booking: Booking, details: Details, *, actor: Actor) -> Booking:
    """Keep what was typed on a slot not yet requested. No rule is checked: it is only a draft."""
    booking = locked(booking)
    if booking.state in {BookingState.HELD, BookingState.LAPSED}:
        fill(booking, details)
        booking.requester, booking.organization = actor.user, actor.organization
        booking.save()
    return booking


@transaction.atomic
def choose_options(booking: Booking, wanted: list[list[int]]) -> None:
    """Keep which options are wanted. They are taken, and priced, when the request is sent."""
    booking = locked(booking)
    if booking.state in {BookingState.HELD, BookingState.LAPSED}:
        booking.wanted_options = wanted
        booking.save(update_fields=["wanted_options"])


@transaction.atomic
def abandon(booking: Booking, *, actor: Actor) -> None:
    """Give back a held slot before sending anything."""
    booking = locked(booking)
    if booking.state == BookingState.HELD:
        _give_back(booking, actor)


def adopt(visitor_key: str, *, into: str) -> None:
    """The visitor has signed in: what their browser held is theirs."""
    Booking.objects.filter(
        visitor_key=visitor_key, state__in=[BookingState.HELD, BookingState.LAPSED]
    ).update(visitor_key=into)


def lapse(booking: Booking) -> None:
    """Note that a held slot is no longer held. Its occupancy has been released."""
    if booking.state == BookingState.HELD:
        booking.state, booking.ended_at = BookingState.LAPSED, clock.now()
        booking.save(update_fields=["state", "ended_at"])
        settle_offer(booking, WaitingState.LEFT)


def is_live(booking: Booking) -> bool:
    """Whether the slot is held at this moment."""
    until = booking.occupancy.hold_until
    return booking.state == BookingState.HELD and until is not None and until > clock.now()


def is_full(mine: list[Booking]) -> bool:
    return sum(not is_offer(one) for one in mine) >= MAX_LIVE_HOLDS


def is_offer(booking: Booking) -> bool:
    """Whether the slot is held because somebody waited for it in line."""
    entry = getattr(booking, "waiting_entry", None)
    return entry is not None and entry.ended_at is None


def queue(visitor_key: str) -> None:
    """Wait for the visitor's other tabs: they hold one after the other, whatever the hall."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [visitor_key])


def _give_back(booking: Booking, actor: Actor) -> None:
    release_many(occupancies_of(booking), actor=actor)
    lapse(booking)


def _take(space: Space, period: Period, quantity: int, actor: Actor) -> Occupancy:
    if not space.is_public:
        raise Refusal("Cet espace n’est plus proposé à la réservation.", code="not_public")
    check(space, period, quantity=quantity)
    return take(space, period, hold_use(), actor=actor, quantity=quantity)


def hold_use() -> Use:
    """What the occupancy of a held slot says: nothing but until when."""
    return Use(OccupancyKind.BOOKING, label="", hold_until=clock.now() + HOLD)


def check_limit(mine: list[Booking]) -> None:
    """Two claims held at a time, a series counting as one; offered slots aside.

    Raises:
        Refusal: code "too_many_holds".
    """
    if is_full(mine):
        raise Refusal(
            "Vous avez déjà deux créneaux retenus. Terminez ou abandonnez l’une de ces demandes "
            "avant d’en commencer une autre.",
            code="too_many_holds",
        )


def _reference() -> str:
    """Eight characters that can be read out over the telephone."""
    code = "".join(secrets.choice(_ALPHABET) for _ in range(8))
    return f"{code[:4]}-{code[4:]}"
