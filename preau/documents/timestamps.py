"""Time-stamps (RFC 3161): the authority's time, never this machine's."""

from __future__ import annotations

import asyncio
import hashlib
from contextlib import nullcontext
from datetime import UTC, datetime
from functools import cache

from asn1crypto import cms
from django.conf import settings
from django.db import connection
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.validation.generic_cms import validate_tst_signed_data

from preau.core import clock
from preau.documents import trial, trust
from preau.documents.loops import outside_any_loop
from preau.integrations import timestamping
from preau.integrations.http import Unavailable
from preau.outside import calls
from preau.outside.registry import OutsideService

KEY = "timestamping"
#: Seconds for one exchange when the operator tries it.
TRIAL_SECONDS = 3.0


class TimestampUnavailable(Exception):
    """No time-stamp that we can believe was had now. Try again later; never use the local clock."""


class TokenRefused(ValueError):
    """The token does not prove the time of this digest."""


def stamp(digest: bytes) -> bytes:
    """A token (DER) proving that this SHA-256 digest exists now; checked before it is given.

    Raises:
        TimestampUnavailable: no answer, a refusal, or an authority we do not know.
    """
    if len(digest) != 32:
        raise ValueError("A time-stamp is of a SHA-256 digest: 32 bytes.")
    try:
        return _believed(digest)
    except Unavailable as error:
        raise TimestampUnavailable(str(error)) from error


def _believed(digest: bytes, timeout: float = timestamping.TIMEOUT_SECONDS) -> bytes:
    """Raises: Unavailable."""
    with calls.calling(KEY) if is_configured() else nullcontext():
        token = _ask(digest, timeout)
        try:
            check(token, digest)
        except TokenRefused as error:
            raise Unavailable(f"the time-stamp cannot be believed: {error}") from error
    return token


@outside_any_loop
def check(token: bytes, digest: bytes, *, moment: datetime | None = None) -> datetime:
    """When that digest was stamped, as the authority says (UTC).

    Args:
        moment: as of when the authority's certificate is judged; now by default.

    Raises:
        TokenRefused: not a token, about something else, forged, or of an unknown authority.
    """
    try:
        signed = cms.ContentInfo.load(token, strict=True)["content"]
        status = asyncio.run(
            validate_tst_signed_data(
                signed,
                trust.context(stamping=True, moment=moment or clock.now()),
                lambda algorithm: digest if algorithm == "sha256" else b"",
            )
        )
    except Exception as error:  # whatever a hostile token makes a parser do
        raise TokenRefused(type(error).__name__) from error
    if not (status["valid"] and status["intact"] and status["validation_path"] is not None):
        raise TokenRefused("forged, about something else, or by an unknown authority")
    found: datetime = status["timestamp"]
    return found.astimezone(UTC)


def is_configured() -> bool:
    return bool(settings.TSA["url"])


def _ask(digest: bytes, timeout: float) -> bytes:
    if not is_configured():
        return trial.stamp(digest)
    said = settings.TSA
    return timestamping.stamp(
        digest, url=said["url"], user=said["user"], password=said["password"], timeout=timeout
    )


def service() -> OutsideService:
    """What the operator reads of it."""
    return OutsideService(
        key=KEY,
        name="Autorité d’horodatage",
        purpose="Prouve la date des signatures, des conventions et du journal.",
        without="Les consentements donnés sont gardés ; la signature est posée quand elle répond,"
        " et rien n’est daté par ce site à sa place.",
        is_configured=is_configured,
        settings=("PREAU_TSA_URL", "PREAU_TSA_CHAIN_FILE"),
        trial=lambda: _believed(hashlib.sha256(b"essai").digest(), TRIAL_SECONDS),
    )


class Authority(TimeStamper):
    """What pyHanko asks when it signs."""

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        if md_algorithm != "sha256":
            raise ValueError("Signatures here are made with SHA-256.")
        return cms.ContentInfo.load(await asyncio.to_thread(_stamp_apart, message_digest))


def _stamp_apart(digest: bytes) -> bytes:
    """In a thread of its own, whose connection nobody else would close."""
    try:
        return stamp(digest)
    finally:
        connection.close()


def authority() -> Authority:
    return _authority(settings.TSA["url"])


@cache
def _authority(url: str) -> Authority:
    """One for a process and address: it remembers how large a token is, and saves a request."""
    return Authority()  # type: ignore[no-untyped-call]
