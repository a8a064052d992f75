"""A booking's life: held, requested, answered, ended.

Every verb locks in the same order: the root space, then the booking. So two approvers, two tabs or
a deadline that falls at the same moment make one result, and the second comer reads what happened.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from preau.accounts.actors import SYSTEM, Actor
from preau.accounts.enums import OrganizationKind
from preau.availability.actions.occupancies import (
    SlotTaken,
    Use,
    clear_lapsed_holds,
    lock_root,
    move,
    occupy,
    release,
    settle,
)
from preau.availability.enums import OccupancyKind
from preau.availability.queries.space import check
from preau.booking.enums import BLOCKING, TRANSITIONS, BookingState, Change, Side
from preau.booking.events import booking_changed
from preau.booking.models import Booking
from preau.conversations.actions import open_thread
from preau.core import audit, clock
from preau.core.errors import Refusal
from preau.core.timeranges import Period
from preau.places.enums import ApprovalMode, UserCategory
from preau.places.models import Space

HOLD = timedelta(minutes=15)
MAX_LIVE_HOLDS = 2
#: A request is answered at the latest this long before it begins.
ANSWER_MARGIN = timedelta(hours=1)
_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"

_CATEGORIES = {
    OrganizationKind.ASSOCIATION: UserCategory.ASSOCIATION,
    OrganizationKind.COMPANY: UserCategory.COMPANY,
    OrganizationKind.SCHOOL: UserCategory.SCHOOL,
}


@dataclass(frozen=True)
class Details:
    """What the occupant says of the occasion."""

    purpose: str
    attendance: int
    is_public_event: bool
    contact_name: str
    contact_phone: str
    remarks: str = ""


def category_of(actor: Actor) -> UserCategory:
    """The category of users the actor books as."""
    if actor.organization is None:
        return UserCategory.RESIDENT
    return _CATEGORIES.get(OrganizationKind(actor.organization.kind), UserCategory.PUBLIC)


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
    root = lock_root(space)
    clear_lapsed_holds(root)
    mine = _live_holds(visitor_key)
    for booking in mine:
        if booking.space_id == space.pk and booking.period == period:
            return booking
    if len(mine) >= MAX_LIVE_HOLDS:
        raise Refusal(
            "Vous avez déjà deux créneaux retenus. Terminez ou abandonnez l’une de ces demandes "
            "avant d’en commencer une autre.",
            code="too_many_holds",
        )
    check(space, period, quantity=quantity)
    occupancy = occupy(
        space,
        period,
        Use(OccupancyKind.BOOKING, label="", hold_until=clock.now() + HOLD),
        actor=actor,
        quantity=quantity,
    )
    return Booking.objects.create(
        reference=_reference(),
        occupancy=occupancy,
        space=space,
        place_id=space.place_id,
        departement_code=occupancy.departement_code,
        visitor_key=visitor_key,
        created_at=clock.now(),
    )


@transaction.atomic
def submit(booking: Booking, details: Details, *, actor: Actor) -> Booking:
    """Send the request, or confirm at once where the space allows it.

    Sent twice, it counts once. A hold that has lapsed is taken again if the slot is still free.

    Raises:
        Refusal: who may book, attendance, an unverified organisation.
        SlotTaken: the hold has lapsed and somebody else has the slot.
    """
    booking = _locked(booking)
    if booking.state == BookingState.LAPSED:
        booking = _hold_again(booking, actor)
    if booking.state != BookingState.HELD:
        return booking
    space = booking.space
    _check_details(space, details)
    _check_who(space, actor)
    _fill(booking, details)
    booking.requester, booking.organization = actor.user, actor.organization
    booking.requested_at = clock.now()
    booking.thread = open_thread(
        subject=f"{space.place.name} – {space.name}, {booking.reference}",
        audiences=_audiences(booking),
        actor=actor,
    )
    settle(booking.occupancy, _use(booking), actor=actor)
    if space.approval == ApprovalMode.IMMEDIATE:
        booking.decided_at = booking.requested_at
        _transition(booking, BookingState.CONFIRMED, Change.CONFIRMED_AT_ONCE, actor)
    else:
        booking.answer_by = _answer_by(booking)
        _transition(booking, BookingState.REQUESTED, Change.REQUESTED, actor)
    return booking


@transaction.atomic
def abandon(booking: Booking, *, actor: Actor) -> None:
    """Give back a held slot before sending anything."""
    booking = _locked(booking)
    if booking.state != BookingState.HELD:
        return
    release(booking.occupancy, actor=actor)
    lapse(booking)


@transaction.atomic
def accept(booking: Booking, *, actor: Actor) -> Booking:
    """Say yes. The slot has been blocked since the request, so nothing can be lost here.

    Raises:
        Refusal: somebody has answered otherwise, or the deadline has passed.
    """
    booking = _waiting(booking)
    if booking.state == BookingState.CONFIRMED:
        return booking
    booking.decided_at, booking.decided_by = clock.now(), actor.user
    _transition(booking, BookingState.CONFIRMED, Change.ACCEPTED, actor)
    return booking


@transaction.atomic
def refuse(booking: Booking, reason: str, *, actor: Actor) -> Booking:
    """Say no, with the reason that the occupant will read."""
    _required(reason, "Indiquez le motif du refus : le demandeur le lira.")
    booking = _waiting(booking)
    if booking.state == BookingState.CONFIRMED:
        raise Refusal(
            "Cette demande a déjà été acceptée. Vous pouvez encore annuler la réservation.",
            code="already_answered",
        )
    booking.decided_at, booking.decided_by, booking.reason = clock.now(), actor.user, reason
    _end(booking, BookingState.REFUSED, Change.REFUSED, Side.MANAGER, actor)
    return booking


@transaction.atomic
def ask_change(booking: Booking, reason: str, *, actor: Actor) -> Booking:
    """Hand the request back to its author with what should be changed. The slot stays blocked."""
    _required(reason, "Indiquez ce qui doit être modifié : le demandeur le lira.")
    booking = _waiting(booking)
    if booking.state == BookingState.CONFIRMED:
        raise Refusal("Cette demande a déjà été acceptée.", code="already_answered")
    booking.reason = reason
    booking.answer_by = _answer_by(booking)
    _transition(booking, BookingState.CHANGE_ASKED, Change.CHANGE_ASKED, actor, reason=reason)
    return booking


@transaction.atomic
def amend(
    booking: Booking, details: Details, *, actor: Actor, period: Period | None = None
) -> Booking:
    """The author changes a request that is not yet answered, its time included.

    Raises:
        SlotTaken: the new time is not free; the request stays as it was.
    """
    booking = _locked(booking)
    if booking.state not in {BookingState.REQUESTED, BookingState.CHANGE_ASKED}:
        raise Refusal(
            "Cette demande a déjà reçu une réponse : elle ne peut plus être modifiée.", code="gone"
        )
    _check_details(booking.space, details)
    before = booking.period
    if period is not None and period != before:
        _shift(booking, period, actor)
    _fill(booking, details)
    settle(booking.occupancy, _use(booking), actor=actor)
    booking.requested_at = clock.now()
    booking.answer_by = _answer_by(booking)
    _transition(booking, BookingState.REQUESTED, Change.CHANGED, actor, previous=before)
    return booking


@transaction.atomic
def reschedule(booking: Booking, period: Period, reason: str, *, actor: Actor) -> Booking:
    """The manager moves a live booking to another time of the same space.

    Raises:
        SlotTaken: the new time is not free; nothing has changed.
    """
    _required(reason, "Indiquez pourquoi la réservation est déplacée : l’occupant le lira.")
    booking = _locked(booking)
    if booking.state not in BLOCKING - {BookingState.HELD}:
        raise Refusal("Cette réservation est terminée.", code="gone")
    before = booking.period
    move(booking.occupancy, period, actor=actor)
    booking.reason = reason
    booking.save()
    _tell(booking, Change.MOVED, actor, reason=reason, previous=before)
    return booking


@transaction.atomic
def cancel(booking: Booking, reason: str, *, side: Side, actor: Actor) -> Booking:
    """End a request or a booking. Cancelling twice is harmless."""
    if side == Side.MANAGER:
        _required(reason, "Indiquez le motif de l’annulation : l’occupant le lira.")
    booking = _locked(booking)
    if booking.state == BookingState.CANCELLED:
        return booking
    if booking.state not in BLOCKING - {BookingState.HELD}:
        raise Refusal("Cette réservation est déjà terminée.", code="gone")
    if booking.period.end <= clock.now():
        raise Refusal("Cette réservation est passée : elle ne peut plus être annulée.", code="past")
    booking.reason = reason
    _end(booking, BookingState.CANCELLED, Change.CANCELLED, side, actor)
    return booking


@transaction.atomic
def expire(booking: Booking) -> None:
    """End a request that nobody answered in time, and free its slot."""
    booking = _locked(booking)
    waiting = {BookingState.REQUESTED, BookingState.CHANGE_ASKED}
    if booking.state in waiting and booking.answer_by and booking.answer_by <= clock.now():
        side = Side.MANAGER if booking.state == BookingState.REQUESTED else Side.OCCUPANT
        _end(booking, BookingState.EXPIRED, Change.EXPIRED, side, SYSTEM)


def lapse(booking: Booking) -> None:
    """Note that a held slot is no longer held. Its occupancy has been released."""
    if booking.state == BookingState.HELD:
        booking.state, booking.ended_at = BookingState.LAPSED, clock.now()
        booking.save(update_fields=["state", "ended_at"])


# --- What the verbs share


def _locked(booking: Booking) -> Booking:
    """The booking as it stands, once we are alone on its hall."""
    lock_root(booking.space)
    return (
        Booking.objects.select_for_update(of=("self",))
        .select_related("space__place__commune", "place", "occupancy", "requester", "organization")
        .get(pk=booking.pk)
    )


def _waiting(booking: Booking) -> Booking:
    """A booking on which an answer is due, or that has just been accepted."""
    booking = _locked(booking)
    if booking.state in {BookingState.REQUESTED, BookingState.CHANGE_ASKED}:
        if booking.answer_by and booking.answer_by <= clock.now():
            raise Refusal(
                "Le délai de réponse est dépassé : la demande a expiré et le créneau est libre.",
                code="expired",
            )
        return booking
    if booking.state == BookingState.CONFIRMED:
        return booking
    raise Refusal(
        f"Cette demande a déjà reçu une réponse : {booking.get_state_display().lower()}.",
        code="already_answered",
    )


def _transition(
    booking: Booking,
    to: BookingState,
    change: Change,
    actor: Actor,
    *,
    reason: str = "",
    previous: Period | None = None,
) -> None:
    state = BookingState(booking.state)
    if to != state and to not in TRANSITIONS.get(state, frozenset()):
        raise Refusal("Cette action n’est plus possible sur cette réservation.", code="gone")
    booking.state = to
    booking.save()
    _tell(booking, change, actor, reason=reason, previous=previous)


def _tell(
    booking: Booking,
    change: Change,
    actor: Actor,
    *,
    reason: str = "",
    previous: Period | None = None,
) -> None:
    audit.record(actor, f"booking.{change.name.lower()}", booking, reason=reason)
    booking_changed.send(
        sender=Booking, booking=booking, change=change, actor=actor, previous=previous
    )


def _end(booking: Booking, to: BookingState, change: Change, side: Side, actor: Actor) -> None:
    booking.ended_at, booking.ended_by_side = clock.now(), side
    release(booking.occupancy, actor=actor, reason=booking.reason)
    _transition(booking, to, change, actor, reason=booking.reason)


def _live_holds(visitor_key: str) -> list[Booking]:
    return list(
        Booking.objects.filter(
            visitor_key=visitor_key,
            state=BookingState.HELD,
            occupancy__hold_until__gt=clock.now(),
        ).select_related("occupancy")
    )


def _hold_again(booking: Booking, actor: Actor) -> Booking:
    try:
        fresh = hold(booking.space, booking.period, actor=actor, visitor_key=booking.visitor_key)
    except SlotTaken as error:
        raise SlotTaken(
            "Le créneau n’était plus retenu pour vous et quelqu’un d’autre l’a pris. "
            "Choisissez-en un autre parmi ceux proposés."
        ) from error
    return _locked(fresh)


def _check_details(space: Space, details: Details) -> None:
    if details.attendance > space.capacity:
        raise Refusal(
            f"Cet espace accueille {space.capacity} personnes au plus.",
            field="attendance",
            code="capacity",
        )


def _check_who(space: Space, actor: Actor) -> None:
    if actor.organization is not None and not actor.organization.is_verified:
        raise Refusal(
            f"« {actor.organization.name} » n’est pas encore vérifiée : faites-la vérifier depuis "
            "sa page, ou réservez en votre nom.",
            code="unverified",
        )
    if category_of(actor) not in space.categories:
        allowed = ", ".join(UserCategory(c).label.lower() for c in space.categories)
        raise Refusal(
            f"Cet espace est réservé aux catégories suivantes : {allowed}.", code="category"
        )


def _fill(booking: Booking, details: Details) -> None:
    booking.purpose = details.purpose
    booking.attendance = details.attendance
    booking.is_public_event = details.is_public_event
    booking.contact_name = details.contact_name
    booking.contact_phone = details.contact_phone
    booking.remarks = details.remarks


def _use(booking: Booking) -> Use:
    return Use(
        OccupancyKind.BOOKING,
        label=booking.purpose[:160],
        holder_user=booking.requester,
        holder_organization=booking.organization,
        contact_name=booking.contact_name,
        contact_phone=booking.contact_phone,
    )


def _shift(booking: Booking, period: Period, actor: Actor) -> None:
    """Move, letting the space's rules speak unless they only object to the slot itself."""
    try:
        check(booking.space, period)
    except Refusal as refusal:
        if refusal.code != "slot_taken":
            raise
    move(booking.occupancy, period, actor=actor)


def _audiences(booking: Booking) -> list[str]:
    keys = [
        f"user:{booking.requester_id}",
        f"organization:{booking.place.owner_id}",
        f"place:{booking.place_id}",
    ]
    if booking.organization_id:
        keys.append(f"organization:{booking.organization_id}")
    return keys


def _answer_by(booking: Booking) -> datetime:
    """The deadline: the space's delay from now, and before the booking begins."""
    delay = clock.now() + timedelta(hours=booking.space.response_hours)
    return max(min(delay, booking.period.start - ANSWER_MARGIN), clock.now() + timedelta(minutes=1))


def _required(reason: str, sentence: str) -> None:
    if not reason.strip():
        raise Refusal(sentence, field="reason", code="reason_required")


def _reference() -> str:
    """Eight characters that can be read out over the telephone."""
    code = "".join(secrets.choice(_ALPHABET) for _ in range(8))
    return f"{code[:4]}-{code[4:]}"
