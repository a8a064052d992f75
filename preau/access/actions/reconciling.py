"""What is deserved against what is: asked again and again, so that lost news changes nothing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from procrastinate.contrib.django import app
from procrastinate.types import JSONValue

from preau.access import queries
from preau.access.actions import lifecycle
from preau.access.drivers.traits import window_of
from preau.access.entitlements import Entitlement, deserved
from preau.access.enums import LIVE, OVER, GrantState
from preau.access.models import AccessGrant, Door
from preau.accounts.models import User
from preau.availability.models import Occupancy
from preau.core import clock
from preau.integrations.locks import WindowRefused

RECONCILE = "access.reconcile"
#: How far ahead the sweep looks, whatever news came.
AHEAD = timedelta(hours=48)
#: A standing code is pushed that far, once less than `RENEWED_BEFORE` is left of it.
STANDING = timedelta(days=330)
RENEWED_BEFORE = timedelta(days=30)
TOO_LONG = "Cette durée est plus longue que ce que la serrure accepte."


def follow(place_id: int, occupancy_ids: Iterable[int]) -> None:
    """News of these occupancies: their codes are looked at once the transaction is over.

    Where the place has no door, nothing is written.
    """
    if Door.objects.filter(place=place_id).exists():
        _look_at(occupancy_ids)


def follow_freed(root_id: int) -> None:
    """Time has been given back in a hall: whoever had it had a code, maybe."""
    gone = AccessGrant.objects.filter(
        state__in=LIVE, occupancy__root=root_id, occupancy__released_at__isnull=False
    )
    _look_at(gone.values_list("occupancy_id", flat=True))


def _look_at(occupancy_ids: Iterable[int]) -> None:
    found: list[JSONValue] = [*sorted(set(occupancy_ids))]
    if found:
        app.configure_task(RECONCILE).defer(occupancy_ids=found)


@transaction.atomic
def reconcile(occupancy_id: int) -> None:
    """Bring the codes of one occupancy in step with it. Doing it twice is doing it once."""
    rows = Occupancy.objects.select_for_update(of=("self",), no_key=True)
    occupancy = rows.select_related("space__place__owner").filter(pk=occupancy_id).first()
    if occupancy is None:
        return
    grants = _locked(AccessGrant.objects.filter(occupancy=occupancy, state__in=LIVE))
    standing = occupancy.released_at is None
    entitlement = deserved([occupancy_id]).get(occupancy_id) if standing else None
    doors: dict[int, Door] = {}
    if entitlement is not None:
        doors = {door.pk: door for door in queries.doors_to(occupancy.space)}
    for grant in grants:
        door = doors.pop(grant.door_id, None)
        if door is not None and entitlement is not None:
            _keep(grant, occupancy, entitlement)
        elif grant.ends_at > clock.now():
            lifecycle.cancel(grant)
    if entitlement is not None and occupancy.period.upper > clock.now():
        for door in doors.values():  # past its end, a code lasts as long as its margin; none begins
            _give(door, occupancy, entitlement)


def _locked(grants: Iterable[AccessGrant]) -> list[AccessGrant]:
    rows = AccessGrant.objects.select_for_update(of=("self",), no_key=True)
    wanted = {one.pk for one in grants}
    related = rows.select_related("door__place__owner", "door__account")
    return list(related.filter(pk__in=wanted).order_by("pk"))


def _give(door: Door, occupancy: Occupancy, entitlement: Entitlement) -> None:
    try:
        window = window_of(door, occupancy.period.lower, occupancy.period.upper)
    except WindowRefused:
        window = (occupancy.period.lower, occupancy.period.upper)
        grant = lifecycle.create(door, occupancy, entitlement, window=window)
        lifecycle.give_up(grant, TOO_LONG)
        return
    lifecycle.create(door, occupancy, entitlement, window=window)


def _keep(grant: AccessGrant, occupancy: Occupancy, entitlement: Entitlement) -> None:
    """The same code, for the same person and the same time as the occupancy.

    Whoever has read it and is not expected any more knows the digits: they change.
    """
    who = (entitlement.user_id, entitlement.organization_id)
    had = (grant.holder_user_id, grant.holder_organization_id)
    if grant.shown_at and any(was not in (None, now) for was, now in zip(had, who, strict=True)):
        lifecycle.cancel(grant)
        _give(grant.door, occupancy, entitlement)
        return
    if who != had:
        grant.holder_user_id, grant.holder_organization_id = who
        grant.announced_at = None
        grant.save(update_fields=["holder_user", "holder_organization", "announced_at"])
    try:
        window = window_of(grant.door, occupancy.period.lower, occupancy.period.upper)
    except WindowRefused:
        window = (occupancy.period.lower, occupancy.period.upper)
    if window == (grant.starts_at, grant.ends_at):
        return
    if lifecycle.can_shift(grant, window):
        lifecycle.shift(grant, window)
    else:
        lifecycle.cancel(grant)
        _give(grant.door, occupancy, entitlement)


def soon_at(*place_ids: int) -> list[int]:
    """What takes place soon; everywhere there is a door, when no place is named."""
    now = clock.now()
    doors = Door.objects.filter(retired_at=None)
    if place_ids:
        doors = doors.filter(place__in=place_ids)
    soon = Occupancy.objects.filter(
        place__in=doors.values("place"),
        released_at=None,
        hold_until=None,
        period__overlap=(now, now + AHEAD),
    )
    return list(soon.values_list("pk", flat=True))


def due_occupancies() -> list[int]:
    """Those that start soon at places with doors, and those with a code that is not over."""
    held = AccessGrant.objects.filter(state__in=LIVE, occupancy__isnull=False)
    return sorted({*soon_at(), *held.values_list("occupancy_id", flat=True)})


@transaction.atomic
def reconcile_caretaker(grant_id: int) -> None:
    """Take back the code of who no longer looks after the place; push a standing one further."""
    for grant in _locked(AccessGrant.objects.filter(pk=grant_id, state__in=LIVE)):
        door, now = grant.door, clock.now()
        if door.retired_at or grant.holder_user not in queries.caretakers_of(door.place):
            lifecycle.cancel(grant)
        elif grant.is_standing and grant.ends_at - now < RENEWED_BEFORE:
            window = window_of(door, now, now + STANDING)
            if lifecycle.can_shift(grant, window):
                lifecycle.shift(grant, (grant.starts_at, window[1]))


def caretaker_grants() -> list[int]:
    rows = AccessGrant.objects.filter(state__in=LIVE, occupancy=None)
    return list(rows.values_list("pk", flat=True).order_by("pk"))


@transaction.atomic
def close_windows() -> int:
    """End the codes whose window is over, and stop asking for what the lock forgot by itself."""
    now = clock.now()
    over = AccessGrant.objects.filter(ends_at__lte=now)
    late = Q(state=GrantState.REVOKING, ends_at__lte=now - timedelta(days=1))
    grants = _locked(over.exclude(state__in=[*OVER, GrantState.REVOKING])[:500])
    for grant in grants:
        lifecycle.end(grant)
    for grant in _locked(AccessGrant.objects.filter(late)[:500]):
        if lifecycle.closes_by_itself(grant):
            lifecycle.off_the_lock(grant)
    return len(grants)


@transaction.atomic
def withdraw_person(user: User) -> None:
    """The account is closed: codes of their own are taken back."""
    for grant in _locked(AccessGrant.objects.filter(holder_user=user, state__in=LIVE)):
        if grant.occupancy_id is None:
            lifecycle.cancel(grant)
