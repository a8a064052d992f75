"""What a member's card carries: a link good for a quarter of an hour, so that a photo is worth
nothing the next day."""

from __future__ import annotations

from datetime import timedelta

from django.core import signing

from preau.charters.models import PlaceMember

_SALT = "charters.card"
LIFE = timedelta(minutes=15)


class Stale(Exception):
    """One of our cards, shown too long ago."""


def sign(member: PlaceMember) -> str:
    return signing.dumps(member.pk, salt=_SALT)


def read(token: str) -> int | None:
    """Whose card it is, or None when it is not one of ours.

    Raises:
        Stale: see there.
    """
    try:
        found: int = signing.loads(token, salt=_SALT, max_age=LIFE)
    except signing.SignatureExpired:
        raise Stale from None
    except signing.BadSignature:
        return None
    return found
