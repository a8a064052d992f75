"""A booking's life once asked for: requested, answered, ended (held slots: `holds`).

Every verb locks in the same order: the visitor, the root space, then the booking. So two
approvers, two tabs or a deadline that falls at the same moment make one result, and the second
comer reads what happened.
"""

from __future__ import annotations

from django.db import transaction

from preau.accounts.actors import SYSTEM, Actor
from preau.availability.actions.occupancies import settle
from preau.availability.queries.space import check
from preau.booking.actions.agreeing import redraw, withdraw
from preau.booking.actions.chain import (
    answer_by,
    current_approval,
    give,
    is_last_due,
    open_chain,
    open_next,
    require_turn,
)
from preau.booking.actions.holds import end_overdue, take_again
from preau.booking.actions.kept import give_up_for
from preau.booking.actions.prices import (
    keep_fees,
    price_now,
    require_price,
    set_price,
    set_price_at_most,
)
from preau.booking.actions.progress import (
    advance,
    check_rules,
    complete,
    use_known_documents,
)
from preau.booking.actions.steps import (
    Details,
    details_of,
    fill,
    finish,
    frame,
    locked,
    occupancies_of,
    required,
    shift,
    standing_dates,
    tell,
    transition,
    use_of,
)
from preau.booking.actions.waiting import serve, settle_offer
from preau.booking.enums import (
    ACCEPTED,
    BLOCKING,
    UNANSWERED,
    ApprovalState,
    BookingState,
    Change,
    Side,
    WaitingState,
)
from preau.booking.models import Booking
from preau.booking.rules import rules_for
from preau.conversations.actions import open_thread
from preau.core import clock, formats
from preau.core.errors import Refusal
from preau.core.timeranges import Period
from preau.places.categories import category_of
from preau.places.enums import UserCategory
from preau.places.locks import lock_root
from preau.places.models import Space
from preau.places.queries import seats_of


@transaction.atomic
def submit(
    booking: Booking, details: Details, *, actor: Actor, agreed_cents: int | None = None
) -> Booking:
    """Send the request, or confirm at once where the space allows it.

    Sent twice, it counts once. A hold that has lapsed is taken again if the slot is still free.

    Args:
        agreed_cents: the price that the author was shown; a dearer one is refused.

    Raises:
        Refusal: who may book, attendance, an unverified organisation, a price or option gone.
        SlotTaken: the hold has lapsed and somebody else has the slot.
    """
    booking = locked(booking)
    end_overdue(booking)
    if booking.state == BookingState.LAPSED:
        take_again(booking, actor)
    if booking.state != BookingState.HELD:
        return booking
    space = booking.space
    booking.rules = rules_for(space)
    check_details(space, details, booking.occupancy.quantity)
    check_who(space, actor)
    check_rules(booking, details, actor)
    fill(booking, details)
    booking.requester, booking.organization = actor.user, actor.organization
    booking.requested_at = clock.now()
    booking.thread = open_thread(
        subject=f"{space.place.name} – {space.name}, {booking.reference}",
        audiences=audiences_of(booking),
        actor=actor,
    )
    taken = occupancies_of(booking)
    settle(taken, use_of(booking), actor=actor)
    settle_offer(booking, WaitingState.TAKEN)
    booking.price = price_now(booking, taken, actor, agreed_cents=agreed_cents)
    use_known_documents(booking, actor)
    if open_chain(booking, is_first=True) is None:
        booking.decided_at = booking.requested_at
        advance(booking, Change.CONFIRMED_AT_ONCE, actor)
    else:
        booking.answer_by = answer_by(booking)
        transition(booking, BookingState.REQUESTED, Change.REQUESTED, actor)
    return booking


@transaction.atomic
def accept(booking: Booking, *, actor: Actor, step: int | None = None) -> Booking:
    """Give the accord that is due. The slot has been blocked since the request: nothing is lost.

    Args:
        step: the position of the accord that the page showed; another one is then refused.

    Raises:
        Refusal: not theirs to give, somebody has answered otherwise, the deadline has passed;
            `price_missing`, the last accord waits for a price on request.
    """
    booking = _waiting(booking)
    approval = current_approval(booking)
    if booking.state in ACCEPTED or approval is None:
        return booking
    if step is not None and step < approval.position:
        return booking  # given already: pressed twice, or by two at once
    require_turn(approval, booking, actor)
    if is_last_due(booking):
        require_price(booking)
    give(approval, booking, actor)
    if open_next(booking) is not None:
        booking.answer_by = answer_by(booking)
        transition(booking, BookingState.REQUESTED, Change.PASSED_ON, actor)
        return booking
    booking.decided_at, booking.decided_by = clock.now(), actor.user
    advance(booking, Change.ACCEPTED, actor)
    return booking


@transaction.atomic
def refuse(booking: Booking, reason: str, *, actor: Actor) -> Booking:
    """Say no, with the reason that the occupant will read."""
    required(reason, "Indiquez le motif du refus : le demandeur le lira.")
    booking = _waiting(booking)
    approval = current_approval(booking)
    if booking.state in ACCEPTED or approval is None:
        raise Refusal(
            "Cette demande a déjà été acceptée. Vous pouvez encore annuler la réservation.",
            code="already_answered",
        )
    give(approval, booking, actor, state=ApprovalState.REFUSED)
    booking.decided_at, booking.decided_by, booking.reason = clock.now(), actor.user, reason
    finish(booking, BookingState.REFUSED, Change.REFUSED, Side.MANAGER, actor)
    return booking


@transaction.atomic
def ask_change(booking: Booking, reason: str, *, actor: Actor) -> Booking:
    """Hand the request back to its author with what should be changed. The slot stays blocked."""
    required(reason, "Indiquez ce qui doit être modifié : le demandeur le lira.")
    booking = _waiting(booking)
    approval = current_approval(booking)
    if booking.state in ACCEPTED or approval is None:
        raise Refusal("Cette demande a déjà été acceptée.", code="already_answered")
    require_turn(approval, booking, actor)
    booking.reason = reason
    booking.answer_by = answer_by(booking)
    transition(booking, BookingState.CHANGE_ASKED, Change.CHANGE_ASKED, actor, reason=reason)
    return booking


@transaction.atomic
def amend(
    booking: Booking, details: Details, *, actor: Actor, period: Period | None = None
) -> Booking:
    """The author changes a request that is not yet answered, its time included.

    Sent twice the same, it counts once.

    Raises:
        SlotTaken: the new time is not free; the request stays as it was.
    """
    booking = locked(booking)
    if booking.state not in UNANSWERED:
        raise Refusal(
            "Cette demande a déjà reçu une réponse : elle ne peut plus être modifiée.", code="gone"
        )
    check_details(booking.space, details, booking.occupancy.quantity)
    check_rules(booking, details, actor)
    before = booking.period
    moved = period is not None and period != before and not booking.is_series
    if booking.state == BookingState.REQUESTED and not moved and details == details_of(booking):
        return booking
    if period is not None and moved:
        _shift(booking, period, actor)
    fill(booking, details)
    settle(occupancies_of(booking), use_of(booking), actor=actor)
    set_price(booking, actor)
    booking.reason = ""  # what the manager asked for is answered
    booking.requested_at = clock.now()
    open_chain(booking)  # what was accepted has changed: every accord is asked again
    booking.answer_by = answer_by(booking)
    transition(booking, BookingState.REQUESTED, Change.CHANGED, actor, previous=before)
    return booking


@transaction.atomic
def reschedule(booking: Booking, period: Period, reason: str, *, actor: Actor) -> Booking:
    """The manager moves a live booking to another time of the same space.

    Raises:
        SlotTaken: the new time is not free; nothing has changed.
    """
    required(reason, "Indiquez pourquoi la réservation est déplacée : l’occupant le lira.")
    booking = locked(booking)
    if booking.state not in BLOCKING - {BookingState.HELD}:
        raise Refusal("Cette réservation est terminée.", code="gone")
    before = booking.period
    if period == before:
        return booking
    if period.end <= clock.now():
        raise Refusal("Ce créneau est passé. Choisissez une date à venir.", code="past")
    give_up_for(booking, actor=actor)
    shift(booking, booking.occupancy, period, actor)
    frame(booking)
    booking.reason = reason
    if booking.answer_by:  # still before the booking begins
        booking.answer_by = min(booking.answer_by, answer_by(booking))
    booking.save()
    set_price_at_most(booking, actor, "Déplacée par le gestionnaire : le prix convenu est gardé.")
    redraw(booking, reason, actor)
    tell(booking, Change.MOVED, actor, reason=reason, previous=before)
    return booking


@transaction.atomic
def cancel(booking: Booking, reason: str, *, side: Side, actor: Actor) -> Booking:
    """End a request or a booking. Cancelling twice is harmless.

    Dates that took place stay, with their price: only those to come are given back.
    """
    from preau.booking.actions.dates import cancel_dates

    if side == Side.MANAGER:
        required(reason, "Indiquez le motif de l’annulation : l’occupant le lira.")
    booking = locked(booking)
    if booking.state == BookingState.CANCELLED:
        return booking
    if booking.state not in BLOCKING - {BookingState.HELD}:
        raise Refusal("Cette réservation est déjà terminée.", code="gone")
    if booking.ends_at <= clock.now():
        raise Refusal("Cette réservation est passée : elle ne peut plus être annulée.", code="past")
    standing = standing_dates(booking)
    coming = [one.pk for one in standing if one.period.end > clock.now()]
    if coming and len(coming) < len(standing):
        return cancel_dates(booking, coming, reason, side=side, actor=actor)
    booking.reason = reason
    if side == Side.OCCUPANT:
        keep_fees(booking, standing)
    withdraw(booking, reason or "Réservation annulée par l’occupant.", actor)
    finish(booking, BookingState.CANCELLED, Change.CANCELLED, side, actor)
    return booking


@transaction.atomic
def expire(booking: Booking) -> None:
    """End a request that nobody answered in time, and free its slot."""
    booking = locked(booking)
    unanswered = booking.state in UNANSWERED and booking.answer_by
    if booking.answer_by and unanswered and booking.answer_by <= clock.now():
        side = Side.MANAGER if booking.state == BookingState.REQUESTED else Side.OCCUPANT
        booking.reason = ""  # time alone ends it; what was said before stays in its history
        finish(booking, BookingState.EXPIRED, Change.EXPIRED, side, SYSTEM)
    incomplete = booking.state == BookingState.TO_COMPLETE and booking.complete_by
    if booking.complete_by and incomplete and booking.complete_by <= clock.now():
        complete(booking, SYSTEM)  # paid in time, and not followed yet: it is sure
        if booking.state == BookingState.CONFIRMED:
            return
        booking.reason = ""
        withdraw(booking, "La réservation n’a pas été complétée à temps.", SYSTEM)
        finish(booking, BookingState.EXPIRED, Change.NOT_COMPLETED, Side.OCCUPANT, SYSTEM)


# --- What the verbs share


def _waiting(booking: Booking) -> Booking:
    """A booking on which an answer is due, or that has just been accepted."""
    booking = locked(booking)
    if booking.state in UNANSWERED:
        if booking.answer_by and booking.answer_by <= clock.now():
            raise Refusal(
                "Le délai de réponse est dépassé : la demande a expiré et le créneau est libre.",
                code="expired",
            )
        return booking
    if booking.state in ACCEPTED:
        return booking
    raise Refusal(
        f"Cette demande a déjà reçu une réponse : {booking.get_state_display().lower()}.",
        code="already_answered",
    )


def check_details(space: Space, details: Details, quantity: int = 1) -> None:
    """Whether the space suits the occasion.

    Args:
        quantity: how many stations are taken, in a pool.

    Raises:
        Refusal: too many people.
    """
    seats = seats_of(space, quantity)
    if details.attendance > seats:
        whose = "Cet espace accueille"
        if space.is_pool:
            whose = formats.count(quantity, "poste accueille", "postes accueillent")
        raise Refusal(
            f"{whose} {formats.count(seats, 'personne')} au plus.",
            field="attendance",
            code="capacity",
        )


def check_who(space: Space, actor: Actor) -> None:
    """Whether the actor may book the space at all.

    Raises:
        Refusal: an organisation not verified yet, or a category of users the space is not for.
    """
    if actor.organization is not None and not actor.organization.is_verified:
        raise Refusal(
            f"« {actor.organization.name} » n’est pas encore vérifiée : faites-la vérifier depuis "
            "sa page, ou réservez en votre nom.",
            field="acting",
            code="unverified",
        )
    if category_of(actor.organization) not in space.categories:
        allowed = ", ".join(UserCategory(c).label.lower() for c in space.categories)
        raise Refusal(
            f"Cet espace est réservé aux catégories suivantes : {allowed}.",
            field="acting",
            code="category",
        )


def _shift(booking: Booking, period: Period, actor: Actor) -> None:
    """Move, letting the space's rules speak unless they only object to the slot itself."""
    serve(lock_root(booking.space))  # those who wait in line come first
    try:
        check(booking.space, period)
    except Refusal as refusal:
        if refusal.code != "slot_taken":
            raise
    shift(booking, booking.occupancy, period, actor)
    frame(booking)


def audiences_of(booking: Booking) -> list[str]:
    """Who reads and writes in the booking's conversation."""
    keys = [f"user:{booking.requester_id}"] if booking.requester_id else []
    keys += [
        f"organization:{booking.place.owner_id}",
        f"place:{booking.place_id}",
    ]
    if booking.organization_id:
        keys.append(f"organization:{booking.organization_id}")
    return keys
