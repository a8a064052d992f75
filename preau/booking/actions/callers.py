"""A clerk books for somebody at the counter or on the telephone, who needs no account for it."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from preau.accounts.actors import Actor
from preau.accounts.models import Organization
from preau.availability.actions.occupancies import (
    Use,
    clear_lapsed_holds,
    occupy,
    settle,
)
from preau.availability.enums import OccupancyKind
from preau.booking.actions.chain import answer_by, current_approval, give, open_chain, open_next
from preau.booking.actions.holds import begin
from preau.booking.actions.prices import set_price
from preau.booking.actions.progress import advance
from preau.booking.actions.requests import audiences_of, check_details
from preau.booking.actions.steps import Details, fill, occupancies_of, transition, use_of
from preau.booking.actions.waiting import serve
from preau.booking.approvers import may_give
from preau.booking.enums import BookingState, Change
from preau.booking.models import Booking
from preau.booking.rules import rules_for
from preau.conversations.actions import open_thread
from preau.core import clock
from preau.core.timeranges import Period
from preau.places.locks import lock_root
from preau.places.models import Space


@dataclass(frozen=True)
class Caller:
    """Who calls. `category` is a `UserCategory`: prices and rules go by it."""

    name: str
    phone: str
    category: str
    address: str = ""
    email: str = ""
    structure: str = ""


@transaction.atomic
def book_for_caller(
    space: Space,
    period: Period,
    details: Details,
    caller: Caller,
    *,
    actor: Actor,
    organization: Organization | None = None,
    quantity: int = 1,
) -> Booking:
    """Take the time for a caller. What the clerk may answer is answered; the rest takes its course.

    The owner's clerk is not held to the delays and durations set for the public, only to the time
    being free.

    Args:
        organization: the caller's, when it is known to Préau.

    Raises:
        SlotTaken: somebody has the time.
        Refusal: too many people, or not on quarter-hours.
    """
    booking = _take(space, period, details, caller, actor, organization, quantity)
    set_price(booking, actor)
    _answer(booking, actor)
    return booking


@transaction.atomic
def bring_in(
    space: Space,
    period: Period,
    details: Details,
    caller: Caller,
    *,
    actor: Actor,
    quantity: int = 1,
) -> Booking:
    """Write down a booking agreed before, in another diary: confirmed as it is, told to nobody.

    Raises:
        SlotTaken: somebody has the time.
        Refusal: too many people, or not on quarter-hours.
    """
    booking = _take(space, period, details, caller, actor, None, quantity)
    booking.decided_at, booking.decided_by = booking.requested_at, actor.user
    transition(booking, BookingState.CONFIRMED, Change.BROUGHT_IN, actor)
    return booking


def _take(
    space: Space,
    period: Period,
    details: Details,
    caller: Caller,
    actor: Actor,
    organization: Organization | None,
    quantity: int,
) -> Booking:
    """The time and the facts, before any answer."""
    check_details(space, details, quantity)
    root = lock_root(space)
    clear_lapsed_holds(root)
    serve(root)
    blank = Use(OccupancyKind.BOOKING, label=details.purpose[:160])
    booking = begin(space, [occupy(space, period, blank, actor=actor, quantity=quantity)])
    fill(booking, details)
    booking.organization, booking.rules = organization, rules_for(space)
    booking.caller_name, booking.caller_email = caller.name, caller.email
    booking.caller_address, booking.caller_structure = caller.address, caller.structure
    booking.caller_category = caller.category
    booking.requested_at = clock.now()
    booking.thread = open_thread(
        subject=f"{space.place.name} – {space.name}, {booking.reference}",
        audiences=audiences_of(booking),
        actor=actor,
    )
    settle(occupancies_of(booking), use_of(booking), actor=actor)
    return booking


def _answer(booking: Booking, actor: Actor) -> None:
    """Give every accord that is the clerk's to give, in order."""
    open_chain(booking)
    while (due := current_approval(booking)) and may_give(actor, due, booking.place):
        give(due, booking, actor)
        open_next(booking)
    if current_approval(booking) is None:
        booking.decided_at, booking.decided_by = booking.requested_at, actor.user
        advance(booking, Change.CONFIRMED_AT_ONCE, actor)
    else:
        booking.answer_by = answer_by(booking)
        transition(booking, BookingState.REQUESTED, Change.REQUESTED, actor)
