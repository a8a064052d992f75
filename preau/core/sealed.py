"""Text kept encrypted at rest, under keys drawn from the site's secret: one a purpose."""

from __future__ import annotations

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings


class Unreadable(Exception):
    """It was written under another secret, or changed since."""


def seal(text: str, *, purpose: str) -> str:
    """Encrypted and authenticated; the same text never gives the same result twice."""
    return _fernet(purpose).encrypt(text.encode()).decode()


def unseal(token: str, *, purpose: str) -> str:
    """What was sealed for the same purpose.

    Raises:
        Unreadable: see there.
    """
    try:
        return _fernet(purpose).decrypt(token.encode()).decode()
    except InvalidToken:
        raise Unreadable from None


def _fernet(purpose: str) -> Fernet:
    digest = hashlib.sha256(purpose.encode() + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(digest))
