"""The waiting list: a slot that comes free is offered to the first in line, for a limited time.

Whoever comes first to a hall serves its line before taking anything for themself, and a task does
it as soon as time has come free: nobody can slip in between.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from preau.accounts.actors import SYSTEM, Actor
from preau.accounts.models import Membership
from preau.availability.actions.occupancies import Use, clear_lapsed_holds, occupy
from preau.availability.enums import OccupancyKind
from preau.availability.queries.space import check
from preau.booking.enums import BookingState, WaitingState
from preau.booking.events import slot_offered
from preau.booking.models import Booking, WaitingEntry
from preau.booking.rules import rules_for
from preau.core import audit, clock
from preau.core.errors import Refusal
from preau.core.timeranges import Period
from preau.places.locks import lock_root
from preau.places.models import Space

OFFER_HOURS = 24
#: Each slot that comes free is held for its line: nobody keeps a whole hall waiting.
MOST_WAITS = 10
#: An offer leaves this long before the slot begins, at the least.
MARGIN = timedelta(hours=2)


@transaction.atomic
def join(space: Space, period: Period, *, actor: Actor, quantity: int = 1) -> WaitingEntry:
    """Stand in line for a slot that is taken.

    Raises:
        Refusal: the slot is free, can never be had, or the person is in its line already, may not
            book here, or stands in too many lines.
    """
    from preau.booking.actions.requests import check_who

    check_who(space, actor)
    if WaitingEntry.objects.filter(user=actor.user, ended_at=None).count() >= MOST_WAITS:
        raise Refusal(
            f"Vous êtes déjà sur {MOST_WAITS} listes d’attente. Quittez-en une d’abord.",
            code="too_many_waits",
        )
    rules = rules_for(space)
    if rules is not None and not rules.has_waiting_list:
        raise Refusal("Cet espace n’a pas de liste d’attente.", code="no_waiting_list")
    lock_root(space)
    try:
        check(space, period, quantity=quantity)
    except Refusal as refusal:
        if refusal.code != "slot_taken":
            raise
    else:
        raise Refusal("Ce créneau est libre : réservez-le.", code="free")
    try:
        with transaction.atomic():
            entry = WaitingEntry.objects.create(
                space=space,
                starts_at=period.start,
                ends_at=period.end,
                quantity=quantity,
                user=actor.person,
                organization=actor.organization,
            )
    except IntegrityError as error:
        raise Refusal(
            "Vous êtes déjà sur la liste d’attente de ce créneau.", code="already_waiting"
        ) from error
    audit.record(actor, "waiting.joined", entry)
    return entry


@transaction.atomic
def leave(entry: WaitingEntry, *, actor: Actor) -> None:
    """Give up one's place in line, and the slot if it was offered. Leaving twice is harmless."""
    from preau.booking.actions.holds import abandon

    lock_root(entry.space)
    entry = _locked(entry)
    if entry.ended_at is not None:
        return
    offer = entry.offer
    _end(entry, WaitingState.LEFT)
    audit.record(actor, "waiting.left", entry)
    if offer is not None and offer.state == BookingState.HELD:
        abandon(offer, actor=actor)


def serve(root: Space) -> int:
    """Offer what is free to those who wait, in their order. Call it with the hall locked.

    Returns:
        how many offers were made.
    """
    waiting = (
        WaitingEntry.objects.filter(state=WaitingState.WAITING, ended_at=None)
        .filter(space__in=Space.objects.filter(pk=root.pk) | Space.objects.filter(root=root.pk))
        .select_related("space__place", "user", "organization")
        .order_by("created_at", "id")
    )
    return sum(_offer(entry) for entry in waiting)


@transaction.atomic
def serve_hall(root: Space) -> int:
    """The same, alone on the hall."""
    root = lock_root(root)
    clear_lapsed_holds(root)
    return serve(root)


def _offer(entry: WaitingEntry) -> bool:
    """Hold the slot for who waits, if it is free."""
    from preau.booking.actions.holds import begin

    deadline = offered_until(entry)
    if deadline <= clock.now() or not _may_have(entry):
        return False
    use = Use(OccupancyKind.BOOKING, label="", hold_until=deadline)
    try:
        with transaction.atomic():
            check(entry.space, entry.period, quantity=entry.quantity)
            taken = occupy(entry.space, entry.period, use, actor=SYSTEM, quantity=entry.quantity)
    except Refusal:
        return False
    booking = begin(entry.space, [taken], visitor_key=f"user:{entry.user_id}")
    booking.requester, booking.organization = entry.user, entry.organization
    booking.save(update_fields=["requester", "organization"])
    entry.offer, entry.offered_until, entry.state = booking, deadline, WaitingState.OFFERED
    entry.save(update_fields=["offer", "offered_until", "state"])
    audit.record(SYSTEM, "waiting.offered", entry)
    slot_offered.send(sender=WaitingEntry, entry=entry)
    return True


def _may_have(entry: WaitingEntry) -> bool:
    """Whether who waits could still ask for the slot: their account, their structure, the space."""
    theirs = Membership.objects.filter(
        user=entry.user_id, organization=entry.organization_id, ended_at=None
    )
    stays = entry.organization_id is None or theirs.exists()
    return entry.space.is_public and entry.user.is_active and stays


def offered_until(entry: WaitingEntry) -> datetime:
    """How long the offer stands: the hours of the rules, and never past the slot itself."""
    rules = rules_for(entry.space)
    hours = rules.offer_hours if rules else OFFER_HOURS
    return min(clock.now() + timedelta(hours=hours), entry.starts_at - MARGIN)


def settle_offer(booking: Booking, state: WaitingState) -> None:
    """The offered slot was asked for, or given up: the place in line ends there."""
    entry = WaitingEntry.objects.select_for_update().filter(offer=booking, ended_at=None).first()
    if entry is not None:
        _end(entry, state)


@transaction.atomic
def close_past(entry: WaitingEntry) -> None:
    """The slot has begun: there is nothing to wait for any more."""
    lock_root(entry.space)
    entry = _locked(entry)
    if entry.ended_at is None and entry.starts_at <= clock.now():
        _end(entry, WaitingState.OVER)


def _locked(entry: WaitingEntry) -> WaitingEntry:
    rows = WaitingEntry.objects.select_related("space__place", "offer", "user")
    return rows.select_for_update(of=("self",)).get(pk=entry.pk)


def _end(entry: WaitingEntry, state: WaitingState) -> None:
    entry.state, entry.ended_at = state, clock.now()
    entry.save(update_fields=["state", "ended_at"])
