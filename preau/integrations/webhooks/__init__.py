"""Signed messages to an address that somebody chose.

The headers and the signature are those of Standard Webhooks
(https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md).
Private addresses are not called (`integrations.public`), redirections are not followed.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Sequence
from urllib.parse import SplitResult, urlsplit

from preau.integrations.http import Service
from preau.integrations.public import may_be_public

TIMEOUT_SECONDS = 10.0
#: What a secret begins with.
PREFIX = "whsec_"


class BadAddress(ValueError):
    """Not an address that anything is sent to; the message says why, in French."""


def check(url: str, *, only_public: bool) -> None:
    """What can be said of an address before anything is sent there.

    Args:
        only_public: https alone, and no private address written in figures.

    Raises:
        BadAddress: with the sentence that the person reads.
    """
    parts = _split(url)
    if parts.scheme != "https" and (only_public or parts.scheme != "http"):
        raise BadAddress("L’adresse commence par https:// : ce qui est envoyé est chiffré.")
    if not parts.hostname or parts.username is not None or parts.fragment:
        raise BadAddress("Donnez l’adresse seule, sans mot de passe ni « # ».")
    if only_public and not may_be_public(parts.hostname):
        raise BadAddress("Cette adresse est celle d’un réseau privé : nous n’y envoyons rien.")


def _split(url: str) -> SplitResult:
    if not re.fullmatch(r"[\x21-\x7e]+", url):
        raise BadAddress("Écrivez l’adresse en entier, sans espace ni accent.")
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises for what is no number
    except ValueError:
        raise BadAddress("Cette adresse n’est pas complète.") from None
    return parts


def sign(secret: str, message_id: str, at: int, body: bytes) -> str:
    """« v1,… » (HMAC-SHA256), of the id, the moment (seconds) and the body, under `whsec_…`."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    said = f"{message_id}.{at}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, said, hashlib.sha256).digest()).decode()


def post(
    url: str,
    body: bytes,
    *,
    message_id: str,
    at: int,
    secrets: Sequence[str],
    only_public: bool = True,
    timeout: float = TIMEOUT_SECONDS,
) -> int:
    """Send one message once; the status of the success.

    Args:
        at: now, in seconds: the receiver refuses what is old.
        secrets: all that sign: two while one is being changed.
        only_public: false for trials alone.

    Raises:
        Unavailable: no answer, a redirection, an error of its own, a private address.
        Rejected: another 4xx.
    """
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Preau-Webhooks/1",
        "webhook-id": message_id,
        "webhook-timestamp": str(at),
        "webhook-signature": " ".join(sign(one, message_id, at, body) for one in secrets),
    }
    service = Service(url, headers=headers, timeout=timeout, only_public=only_public)
    return service.send("POST", "", content=body).status
