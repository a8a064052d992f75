"""One code, from wanted to over: the moves that reconciling, deadlines and answers share.

Each is called with the row locked, inside a transaction, and never speaks to a lock.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from preau.access.actions import telling
from preau.access.drivers.traits import traits_of
from preau.access.entitlements import Entitlement
from preau.access.enums import TRANSITIONS, GrantState
from preau.access.models import AccessGrant, Door
from preau.accounts.actors import SYSTEM
from preau.availability.models import Occupancy
from preau.core import audit, clock

S = GrantState


def to(grant: AccessGrant, state: GrantState, next_try: datetime | None = None) -> None:
    """Change of state, within what the table allows; saves."""
    now = GrantState(grant.state)
    if state != now and state not in TRANSITIONS.get(now, frozenset()):
        raise AssertionError(f"{now} does not become {state}")
    grant.state, grant.next_try = state, next_try
    if state in (S.REVOKED, S.LAPSED):
        grant.ended_at, grant.slot, grant.trouble = clock.now(), None, ""
        grant.sealed_code = ""
    grant.save()
    audit.record(SYSTEM, f"access.{state.name.lower()}", grant)


def put_from(grant: AccessGrant) -> datetime:
    """From when the lock is asked: not in the past."""
    return max(clock.now(), earliest_put(grant))


def earliest_put(grant: AccessGrant) -> datetime:
    """Before then the code would open too early on a lock that knows no dates."""
    return grant.starts_at - traits_of(grant.door).lead


def create(
    door: Door, occupancy: Occupancy | None, entitlement: Entitlement, *, window: Window
) -> AccessGrant:
    """A code is wanted; where nothing is written to a lock, there it is."""
    grant = AccessGrant(
        door=door,
        occupancy=occupancy,
        holder_user_id=entitlement.user_id,
        holder_organization_id=entitlement.organization_id,
        label=entitlement.label[:160],
        starts_at=window[0],
        ends_at=window[1],
        created_at=clock.now(),
        remote_name=f"preau-{secrets.token_hex(6)}",
    )
    if door.is_manual:
        _by_hand(grant)
    else:
        grant.next_try = put_from(grant)
    grant.save()
    audit.record(SYSTEM, "access.wanted", grant, door=door.pk)
    return grant


Window = tuple[datetime, datetime]


def _by_hand(grant: AccessGrant) -> None:
    grant.state, grant.asked_at, grant.next_try = S.SET, clock.now(), None
    grant.placed_starts_at, grant.placed_ends_at = grant.starts_at, grant.ends_at


def can_shift(grant: AccessGrant, window: Window) -> bool:
    """Whether the same code follows to another window."""
    if grant.asked_at is None:
        return True
    traits = traits_of(grant.door)
    if not traits.capabilities.movable:
        return False
    # On a lock without dates it opens now: it may stay only where its new window is open too.
    return traits.keeps_dates or window[0] - traits.lead <= clock.now()


def shift(grant: AccessGrant, window: Window) -> None:
    """Its time has moved, and the code with it."""
    grant.starts_at, grant.ends_at = window
    grant.attempts, grant.trouble = 0, ""
    grant.announced_at = grant.alerted_at = None
    if grant.door.is_manual:
        _by_hand(grant)
        grant.save()
    else:
        asked = grant.asked_at is not None
        to(grant, S.WANTED, clock.now() if asked else put_from(grant))


def cancel(grant: AccessGrant) -> None:
    """It is no longer deserved: take it back, or say that it cannot be."""
    grant.cancelled_at, grant.attempts = clock.now(), 0
    grant.trouble, grant.alerted_at = "", None
    if grant.asked_at is None:
        to(grant, S.REVOKED)
    elif traits_of(grant.door).capabilities.revocable:
        to(grant, S.REVOKING, clock.now())
    elif grant.shown_at is None or grant.ends_at <= clock.now():
        to(grant, S.REVOKED)  # nobody has read it: it opens to nobody
    else:
        to(grant, S.LINGERING)
        telling.lingering(grant)


def end(grant: AccessGrant) -> None:
    """Its window is over."""
    grant.attempts = 0
    if (
        grant.state != S.LINGERING
        and grant.asked_at is not None
        and traits_of(grant.door).capabilities.revocable
    ):
        # A lock with dates has closed already; it has room for so many codes.
        to(grant, S.REVOKING, clock.now())
    else:
        to(grant, S.LAPSED)


def off_the_lock(grant: AccessGrant) -> None:
    """It was seen to be gone."""
    to(grant, S.REVOKED if grant.cancelled_at else S.LAPSED)


def give_up(grant: AccessGrant, trouble: str) -> None:
    """The lock will not have it. What it may have kept of the tries is taken back apart."""
    if grant.placed_starts_at is None and not traits_of(grant.door).capabilities.revocable:
        grant.trouble = trouble[:120]
        to(grant, S.FALLBACK)
        telling.stuck(grant)
        return
    entitlement = Entitlement(grant.holder_user_id, grant.holder_organization_id, grant.label)
    cancel(grant)
    other = AccessGrant(
        door=grant.door,
        occupancy=grant.occupancy,
        holder_user_id=entitlement.user_id,
        holder_organization_id=entitlement.organization_id,
        label=grant.label,
        starts_at=grant.starts_at,
        ends_at=grant.ends_at,
        is_standing=grant.is_standing,
        state=S.FALLBACK,
        trouble=trouble[:120],
        created_at=clock.now(),
        remote_name=f"preau-{secrets.token_hex(6)}",
    )
    other.save()
    telling.stuck(other)


def is_late(grant: AccessGrant) -> bool:
    """Whether its holder should already be sure to come in."""
    return clock.now() >= grant.starts_at - timedelta(hours=2)


def closes_by_itself(grant: AccessGrant) -> bool:
    """A lock that keeps dates has closed it, whether or not it could be reached since."""
    return traits_of(grant.door).keeps_dates
