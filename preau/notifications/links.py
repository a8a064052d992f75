"""Links in e-mails that work signed out: a purpose, a few facts and a date, under our signature.

Whoever has the message has the link: it shows little, and acts only on POST.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core import signing

from preau.core import clock

_SALT = "notifications.link"


class Expired(Exception):
    """One of our links, whose time is over; `facts` says what it was about."""

    def __init__(self, facts: dict[str, Any] | None = None) -> None:
        super().__init__()
        self.facts = facts or {}


def sign(purpose: str, facts: dict[str, Any], *, days: int) -> str:
    """A token for one purpose, good for so many days. It can be read by anyone: no secret in it."""
    until = int((clock.now() + timedelta(days=days)).timestamp())
    return signing.dumps([until, facts], salt=f"{_SALT}:{purpose}")


def read(purpose: str, token: str) -> dict[str, Any] | None:
    """The facts, or None when the token is not one of ours for this purpose.

    Raises:
        Expired: it was, but no longer is.
    """
    try:
        until, facts = signing.loads(token, salt=f"{_SALT}:{purpose}")
    except (signing.BadSignature, ValueError, TypeError):
        return None
    found: dict[str, Any] = facts
    if clock.now().timestamp() > until:
        raise Expired(found)
    return found
