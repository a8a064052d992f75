"""Signing in, and one call: what every request to TTLock shares (see the package for sources)."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import urlencode

from preau.integrations.http import (
    TIMEOUT_SECONDS,
    Rejected,
    Service,
    Throttled,
    Unauthorized,
    Unavailable,
)
from preau.integrations.locks import (
    Busy,
    CodeRefused,
    CodeTaken,
    Full,
    Gone,
    Offline,
    Refused,
    text,
    whole,
)

URL = "https://euapi.ttlock.com"
#: A token is renewed that long before its end, in seconds.
MARGIN = 3600.0

#: cloud/errorCode. What is not here is not understood.
_ERRORS: dict[int, type[Exception]] = {
    **dict.fromkeys((10000, 10001, 10003, 10004, 10007, 10011, 20002, 30005), Unauthorized),
    **dict.fromkeys((30008, -2018), Unauthorized),
    **dict.fromkeys((30006, 30007), Throttled),
    **dict.fromkeys((-2012, -3002, -3034, -3035, -3036, -4037), Offline),
    **dict.fromkeys((-3003, -3037), Busy),
    **dict.fromkeys((-3006, -2032), CodeRefused),
    **dict.fromkeys((-3009, -4056), Full),
    **dict.fromkeys((-1003, -2009), Gone),
    **dict.fromkeys((-3, -1007, -1026, -2025, -3008, -4043), Refused),
    -3007: CodeTaken,
}
_EXPIRED = (10003, 10004)
_NO_REFRESH = 10011
_CLOCK = 80000
Read = TypeVar("Read")


@dataclass(frozen=True, slots=True)
class Account:
    """An account of the TTLock application, and the registered client that speaks for it.

    Attributes:
        username: the application's account, not the developer's.
        password: in clear; only its MD5 is sent, as the service wants it.
    """

    client_id: str
    client_secret: str = field(repr=False)
    username: str = field(repr=False)
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Token:
    """A session of the account: secret, 90 days; `refresh` outlives it (10 years).

    Attributes:
        until: Unix time, in seconds.
    """

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    until: float


class _Said(Exception):
    """An `errcode`, and nothing else of the answer: its words may quote what was sent."""

    def __init__(self, errcode: int) -> None:
        super().__init__(errcode)
        self.errcode = errcode


class Session:
    """Calls of one account, signing in when it must.

    Args:
        token: one kept from before: signing in counts among a month's calls.
        timeout: seconds; a gateway takes a few to answer.
        tries: for what may be asked twice.
        clock: Unix time, in seconds.

    Attributes:
        token: changes when it is renewed: keep it, encrypted.
    """

    def __init__(
        self,
        account: Account,
        token: Token | None = None,
        *,
        url: str = URL,
        timeout: float = TIMEOUT_SECONDS,
        tries: int = 1,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._account, self._clock, self.token = account, clock, token
        self._service = Service(url.rstrip("/"), {}, timeout, tries, sleep)

    def ask(self, path: str, params: dict[str, Any], *, again: bool = False) -> dict[str, Any]:
        """One call, signing in before it, and once more when the token is no longer known.

        Args:
            again: asking twice is asking once.

        Raises:
            Unavailable, and every error of `preau.integrations.locks` that `errcode` means.
        """
        for last in (False, True):
            access = self._access(renewed=last)
            who = {"clientId": self._account.client_id, "accessToken": access}
            date = {"date": int(self._clock() * 1000)}
            try:
                return self._form(path, who | params | date, again=again)
            except _Said as error:
                errcode = error.errcode
            if errcode not in _EXPIRED:
                break
        raise _error(errcode)

    def _access(self, *, renewed: bool) -> str:
        token = self.token
        if token is None or renewed or token.until - MARGIN <= self._clock():
            token = self.token = self._sign_in(token)
        return token.access

    def _sign_in(self, token: Token | None) -> Token:
        account = self._account
        md5 = hashlib.md5(account.password.encode(), usedforsecurity=False).hexdigest()
        ways = [{"username": account.username, "password": md5}]
        if token is not None:
            ways.insert(0, {"grant_type": "refresh_token", "refresh_token": token.refresh})
        who = {"clientId": account.client_id, "clientSecret": account.client_secret}
        errcode = 0
        for way in ways:
            try:
                return _token(self._form("/oauth2/token", who | way, again=True), self._clock())
            except _Said as error:
                errcode = error.errcode
            if errcode not in (_NO_REFRESH, *_EXPIRED):
                break
        raise _error(errcode)

    def _form(self, path: str, params: dict[str, Any], *, again: bool) -> dict[str, Any]:
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        content = urlencode(params).encode()
        try:
            answer = self._service.send("POST", path, content=content, headers=kind, again=again)
        except Rejected as error:
            status = error.status
        else:
            said = answer.json()
            errcode = said.get("errcode", 0) if isinstance(said, dict) else None
            if type(errcode) is not int:
                raise Unavailable("the answer has another shape")
            if errcode:
                raise _Said(errcode)
            return dict(said)
        # It says its refusals with 200: anything else was said by something before it.
        raise Unavailable(f"status {status}")


def _error(errcode: int) -> Exception:
    if errcode == _CLOCK:
        return Unavailable("our clock is more than five minutes off")
    return _ERRORS.get(errcode, Unavailable)(f"errcode {errcode}")


def shape(read: Callable[[], Read]) -> Read:
    """What `read` finds in an answer.

    Raises:
        Unavailable: the answer has another shape.
    """
    try:
        return read()
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError):
        pass
    raise Unavailable("the answer has another shape")


def _token(said: dict[str, Any], now: float) -> Token:
    return shape(
        lambda: Token(
            text(said["access_token"]),
            text(said["refresh_token"]),
            now + whole(said["expires_in"]),
        )
    )
