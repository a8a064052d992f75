"""Doors as they are spoken to: one small class a maker, made from the door and its account."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict

from django.conf import settings

from preau.access import sealing
from preau.access.drivers.base import Driver, Health, Held, Wanted
from preau.access.drivers.igloohome import IgloohomeDoor
from preau.access.drivers.nuki import NukiDoor
from preau.access.drivers.traits import TRAITS, Traits, in_words, traits_of, window_of
from preau.access.drivers.ttlock import TTLockDoor
from preau.access.drivers.zigbee import ZigbeeDoor
from preau.access.enums import DriverKind
from preau.access.models import LockAccount
from preau.core.sealed import Unreadable
from preau.integrations import igloohome, nuki, ttlock, zigbee2mqtt
from preau.integrations.http import TIMEOUT_SECONDS, Unauthorized, Unavailable
from preau.integrations.locks import Busy, Offline
from preau.outside.calls import calling

__all__ = ["CREDENTIALS", "TASK_SECONDS", "TRAITS"]
__all__ += ["Driver", "Health", "Held", "Traits", "Wanted"]
__all__ += ["asking", "in_words", "is_open", "traits_of", "window_of"]

K = DriverKind
#: Seconds for an exchange in a task; on a click, `TIMEOUT_SECONDS`.
TASK_SECONDS = 10.0
#: What each kind of account is made of.
CREDENTIALS = {
    K.ZIGBEE: ("username", "password", "base"),
    K.NUKI: ("token",),
    K.TTLOCK: ("client_id", "client_secret", "username", "password"),
    K.IGLOOHOME: ("client_id", "client_secret"),
}


def is_open(kind: str) -> bool:
    """Whether this site can speak to such locks."""
    return kind != K.ZIGBEE or bool(settings.MQTT_URL)


@contextmanager
def asking(
    account: LockAccount, lock: str = "", *, alone: bool = False, seconds: float = TIMEOUT_SECONDS
) -> Iterator[Driver]:
    """One exchange with a lock of an account, through the circuit breaker, outside a transaction.

    A lock out of reach is not a service that is down: the others of the account are still asked.

    Raises:
        Unavailable: the service, or it is paused; Offline, Busy: this lock; and what it refuses.
    """
    of_lock: Unavailable | None = None
    with calling(account.driver, str(account.pk)):
        try:
            yield from _made(account, lock, alone, seconds)
        except (Offline, Busy) as error:
            of_lock = error
    if of_lock is not None:
        raise of_lock


def _made(account: LockAccount, lock: str, alone: bool, seconds: float) -> Iterator[Driver]:
    try:
        said = sealing.credentials_of(account)
    except Unreadable:
        raise Unauthorized("the credentials cannot be read any more") from None
    if account.driver != K.TTLOCK:
        yield _MAKERS[DriverKind(account.driver)](said, lock, seconds)
        return
    kept = sealing.session_of(account)
    token = ttlock.Token(**kept) if kept else None
    who = ttlock.Account(**said)
    session = ttlock.Session(who, token, url=settings.TTLOCK_URL, timeout=seconds)
    try:
        yield TTLockDoor(ttlock.Client(session), lock, alone)
    finally:
        if session.token is not None and session.token != token:
            sealing.keep_session(account, asdict(session.token))
            # Credentials replaced while we spoke: this session is no longer theirs.
            same = LockAccount.objects.filter(
                pk=account.pk, sealed_credentials=account.sealed_credentials
            )
            same.update(sealed_session=account.sealed_session)


def _nuki(said: dict[str, str], lock: str, seconds: float) -> Driver:
    return NukiDoor(nuki.Client(said["token"], url=settings.NUKI_URL, timeout=seconds), lock)


def _igloohome(said: dict[str, str], lock: str, seconds: float) -> Driver:
    client = igloohome.Client(
        said["client_id"],
        said["client_secret"],
        url=settings.IGLOOHOME_URL,
        auth_url=settings.IGLOOHOME_AUTH_URL,
        timeout=seconds,
    )
    return IgloohomeDoor(client, lock)


def _zigbee(said: dict[str, str], lock: str, seconds: float) -> Driver:
    if not settings.MQTT_URL:
        raise Unavailable("no broker is set")
    broker = zigbee2mqtt.Broker(
        settings.MQTT_URL, said["username"], said["password"], said["base"], min(seconds, 5.0)
    )
    return ZigbeeDoor(broker, lock)


_MAKERS: dict[DriverKind, Callable[[dict[str, str], str, float], Driver]] = {
    K.NUKI: _nuki,
    K.IGLOOHOME: _igloohome,
    K.ZIGBEE: _zigbee,
}
