"""What is shown of a code, to whom it is for: the digits, when they come, or another way in."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from preau.access import sealing
from preau.access.drivers.traits import traits_of
from preau.access.enums import GrantState
from preau.access.models import AccessGrant
from preau.core import clock

S = GrantState
#: Without a code by then, the other way in is what they read first.
FALLBACK_FROM = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Shown:
    """One door, on the page of its holder.

    Attributes:
        how: "later", "soon" (asked, not confirmed), "code", "hand" (a key, no digits), "fallback".
        code: only where `how` is "code".
        first_use: it dies unless used in the day that follows its start.
        page: of what it is for; "" without any.
    """

    grant: AccessGrant
    how: str
    code: str = field(default="", repr=False)
    first_use: bool = False
    page: str = ""


def shown(grant: AccessGrant) -> Shown:
    """What the holder reads now."""
    now = clock.now()
    can = traits_of(grant.door).capabilities
    if now < grant.shown_from:
        return Shown(grant, "later")
    if is_ready(grant):
        code = sealing.code_of(grant)
        if code:
            long = grant.ends_at - grant.starts_at > timedelta(days=1)
            return Shown(grant, "code", code, first_use=bool(can.first_use_within) and long)
        return Shown(grant, "hand" if grant.door.is_manual else "fallback")
    if grant.trouble or grant.state == S.FALLBACK or now >= grant.starts_at - FALLBACK_FROM:
        return Shown(grant, "fallback")
    return Shown(grant, "soon")


def checked_until(grant: AccessGrant) -> datetime | None:
    """Of a code being taken back: until then what was asked before may still arrive on the lock, so
    it is not said to be off. None for the others, and once that time has passed."""
    if grant.state != S.REVOKING or grant.asked_at is None:
        return None
    until = grant.asked_at + traits_of(grant.door).settles
    return until if until > clock.now() else None


def is_ready(grant: AccessGrant) -> bool:
    """The lock has it; or, where it is put at the last moment, will have it then."""
    if grant.state == S.SET:
        return True
    drawn = not traits_of(grant.door).keeps_dates and grant.sealed_code != ""
    on_time = clock.now() < grant.starts_at
    return drawn and grant.state == S.WANTED and not grant.trouble and on_time
