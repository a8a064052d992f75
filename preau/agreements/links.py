"""Links to sign: they say whose they are, and are proved by a secret kept as a digest only."""

from __future__ import annotations

import secrets

from django.core import signing
from django.utils.crypto import constant_time_compare, salted_hmac

from preau.agreements.models.rounds import Signatory
from preau.core import clock

_SALT = "agreements.link"


def make(signatory_id: int) -> tuple[str, str]:
    """A new token, and the digest to keep."""
    nonce = secrets.token_urlsafe(24)
    return signing.Signer(salt=_SALT).sign_object([signatory_id, nonce]), _digest(nonce)


def read(token: str) -> tuple[int, str] | None:
    """Whose token it is and its secret; None when it is not one of ours."""
    try:
        signatory_id, nonce = signing.Signer(salt=_SALT).unsign_object(token)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return int(signatory_id), str(nonce)


def is_current(signatory: Signatory, token: str) -> bool:
    """Whether this is the last link sent."""
    found = read(token)
    return bool(
        found
        and found[0] == signatory.pk
        and constant_time_compare(signatory.link_digest, _digest(found[1]))
    )


def is_open(signatory: Signatory, token: str) -> bool:
    """Whether this link still lets somebody ask for a code: the last sent, in time, never used."""
    return (
        is_current(signatory, token)
        and signatory.link_used_at is None
        and signatory.link_expires_at is not None
        and clock.now() < signatory.link_expires_at
    )


def _digest(nonce: str) -> str:
    return salted_hmac(_SALT, nonce, algorithm="sha256").hexdigest()


def code_digest(signatory_id: int, code: str) -> str:
    """Keyed by the site's secret: a stolen table does not give the codes."""
    return salted_hmac("agreements.code", f"{signatory_id}:{code}", algorithm="sha256").hexdigest()
