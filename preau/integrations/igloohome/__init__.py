"""Codes of igloohome locks, which they check by calculation, off line: « algoPIN ».

The service (iglooaccess, https://api.igloodeveloper.co) computes a code from a lock, a window and
a `variance`; the lock computes the same and is never written to. So nothing has to be reached, and
nothing can be taken back: a code given opens until its window ends. The person must be told, and
so must the manager; a cancelled window is not free of its code, its `variance` stays used.

Read in https://docs.seam.co, « Creating igloohome Offline Access Codes »: no code of ours, no
change; 1 to 672 hours, or 29 to 367 days starting and ending at the same hour; 3 codes for one
window (the variances 1 to 3); within 24 hours of its start, a code of more than 24 hours must be
used once or dies; deleting needs Bluetooth beside the lock; 199 codes in a lock. Read in
https://support.igloohome.co/support/solutions/35000138348: 7 to 9 digits. The rest, in public
clients only: paths, `onetime` and `permanent`, dates on the hour with an offset (400 otherwise),
`{pin, pinId}`, client credentials in Basic at https://auth.igloohome.co, tokens of an hour.

Not verified, for want of the service: how a page of devices follows another (`cursor`; a page that
comes back twice is a failure); variances of `onetime` and `permanent`; whether a window may start
in the past; whether the answer to bad credentials is 400 or 401 (both are understood).
"""

from __future__ import annotations

import time
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar
from urllib.parse import quote, urlencode

from preau.integrations.http import (
    TIMEOUT_SECONDS,
    Params,
    Rejected,
    Service,
    Unauthorized,
    Unavailable,
    json_bytes,
)
from preau.integrations.locks import (
    DAY,
    Capabilities,
    Gone,
    Refused,
    WindowRefused,
    elapsed,
    text,
    whole,
)

URL = "https://api.igloodeveloper.co/igloohome"
AUTH_URL = "https://auth.igloohome.co"
#: A token is renewed that long before its end, in seconds.
MARGIN = 60.0
HOUR = timedelta(hours=1)
LONGEST_HOURLY = 672 * HOUR
FEWEST_DIGITS, MOST_DIGITS = 4, 10
Read = TypeVar("Read")

CAPABILITIES = Capabilities(
    digits_min=7,
    digits_max=9,
    takes_our_code=False,
    step=HOUR,
    # A day of 25 hours may be among its 367.
    longest=367 * DAY + HOUR,
    revocable=False,
    movable=False,
    needs_online=False,
    codes=199,
    same_window=3,
    first_use_within=timedelta(hours=24),
    whole_days_beyond=LONGEST_HOURLY,
    least_days=29,
)


@dataclass(frozen=True, slots=True)
class Device:
    """A lock, or a bridge. `id` is the maker's (`deviceId`), which codes are asked for."""

    id: str
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Pin:
    """A code that opens; nothing will stop it before its end.

    Attributes:
        id: what the service calls it; nothing can be asked of it.
        end: None for one that works once, or for ever.
    """

    id: str
    start: datetime
    end: datetime | None
    code: str = field(repr=False)


class Client:
    """One account of iglooaccess.

    Args:
        timeout: seconds.
        tries: every call may be asked twice: a code that nobody read opens for nobody.
        clock: Unix time, in seconds.
    """

    def __init__(
        self,
        client_id: str,
        client_secret: str,
        *,
        url: str = URL,
        auth_url: str = AUTH_URL,
        timeout: float = TIMEOUT_SECONDS,
        tries: int = 1,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.time,
    ) -> None:
        basic = b64encode(f"{client_id}:{client_secret}".encode()).decode()
        kind = "application/x-www-form-urlencoded"
        headers = {"Authorization": f"Basic {basic}", "Content-Type": kind}
        self._auth = Service(auth_url.rstrip("/"), headers, timeout, tries, sleep)
        self._service = Service(url.rstrip("/"), {}, timeout, tries, sleep)
        self._clock, self._token, self._until = clock, "", 0.0

    def devices(self) -> tuple[Device, ...]:
        """Every device of the account.

        Raises:
            Unavailable, Throttled, Unauthorized.
        """
        found: list[Device] = []
        seen = {""}
        cursor = ""
        while True:
            params = {"cursor": cursor} if cursor else None
            page = _shape(_devices, self._ask("GET", "/devices", params=params))
            found += page[0]
            cursor = page[1]
            if not cursor:
                return tuple(found)
            if cursor in seen:
                raise Unavailable("the list never ends")
            seen.add(cursor)

    def window(
        self, device: str, name: str, start: datetime, end: datetime, *, variance: int
    ) -> Pin:
        """A code for a window that `CAPABILITIES.window` gave.

        Args:
            name: shown in the maker's application; nobody's name.
            start, end: aware, in the lock's time zone.
            variance: 1 to 3, never the same twice for one device and one window: the code would
                be the same, that somebody has.

        Raises:
            WindowRefused: not such a window; Gone: no such device; Refused; Unavailable;
            Throttled; Unauthorized.
            ValueError: the variance.
        """
        rounded = CAPABILITIES.window(start, end)
        if elapsed(start, rounded[0]) or elapsed(end, rounded[1]):
            raise WindowRefused("not rounded")
        if not 1 <= variance <= 3:
            raise ValueError("a variance is 1, 2 or 3")
        kind = "hourly" if elapsed(start, end) <= LONGEST_HOURLY else "daily"
        dates = {"startDate": _written(start), "endDate": _written(end)}
        return self._pin(device, kind, {"variance": variance, **dates, "accessName": name}, end)

    def one_time(self, device: str, name: str, start: datetime, *, variance: int = 1) -> Pin:
        """A code that opens once, from the hour of `start`.

        Raises:
            As `window`.
        """
        return self._from(device, "onetime", name, start, variance)

    def permanent(self, device: str, name: str, start: datetime, *, variance: int = 1) -> Pin:
        """A code that opens for ever once used within 24 hours of `start`: for a caretaker.

        Raises:
            As `window`.
        """
        return self._from(device, "permanent", name, start, variance)

    def _from(self, device: str, kind: str, name: str, start: datetime, variance: int) -> Pin:
        if variance < 1:
            raise ValueError("a variance is 1 or more")
        start = CAPABILITIES.window(start, start + HOUR)[0]
        body = {"variance": variance, "startDate": _written(start), "accessName": name}
        return self._pin(device, kind, body, None)

    def _pin(self, device: str, kind: str, body: dict[str, Any], end: datetime | None) -> Pin:
        said = self._ask("POST", f"/devices/{quote(device, safe='')}/algopin/{kind}", body)
        start = datetime.fromisoformat(body["startDate"])
        return _shape(lambda answer: Pin(text(answer["pinId"]), start, end, _code(answer)), said)

    def _ask(
        self,
        method: str,
        path: str,
        body: dict[str, Any] | None = None,
        params: Params | None = None,
    ) -> Any:
        """One call; once more with a new token when a kept one is refused."""
        kept = bool(self._token) and self._clock() < self._until
        if not kept:
            self._sign_in()
        try:
            return self._send(method, path, body, params)
        except Unauthorized:
            if not kept:
                raise
        self._sign_in()
        return self._send(method, path, body, params)

    def _send(
        self, method: str, path: str, body: dict[str, Any] | None, params: Params | None
    ) -> Any:
        headers = {"Authorization": f"Bearer {self._token}", "Accept": "application/json"}
        content = None
        if body is not None:
            headers["Content-Type"] = "application/json"
            content = json_bytes(body)
        try:
            answer = self._service.send(
                method, path, params=params, content=content, headers=headers, again=True
            )
            return answer.json()
        except Rejected as error:
            status = error.status
        # Outside: the answer quotes what was sent, and would follow as the context.
        raise (Gone if status == 404 else Refused)(f"status {status}", status)

    def _sign_in(self) -> None:
        content = urlencode({"grant_type": "client_credentials"}).encode()
        try:
            said = self._auth.send("POST", "/oauth2/token", content=content, again=True).json()
        except Rejected as error:
            status = error.status
        else:
            self._token, seconds = _shape(_token, said)
            self._until = self._clock() + seconds - MARGIN
            return
        raise Unauthorized(f"status {status}")


def _shape(read: Callable[[Any], Read], said: Any) -> Read:
    try:
        return read(said)
    except (KeyError, TypeError, ValueError, AttributeError):
        pass
    raise Unavailable("the answer has another shape")


def _token(said: Any) -> tuple[str, int]:
    return text(said["access_token"]), whole(said["expires_in"])


def _devices(said: Any) -> tuple[list[Device], str]:
    listed = said["payload"]
    if not isinstance(listed, list):
        raise TypeError
    found = [
        Device(text(one["deviceId"]), one.get("deviceName") or "", text(one["type"]))
        for one in listed
    ]
    cursor = said.get("nextCursor") or ""
    return found, text(cursor) if cursor else ""


def _code(said: Any) -> str:
    """Its length varies with the window and the model: only what no keypad takes is refused."""
    code = text(said["pin"])
    if not (code.isascii() and code.isdigit() and FEWEST_DIGITS <= len(code) <= MOST_DIGITS):
        raise ValueError
    return code


def _written(at: datetime) -> str:
    """« 2026-11-22T19:00:00+01:00 »."""
    return at.isoformat(timespec="seconds")
