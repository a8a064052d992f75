"""Keypad codes of Nuki locks, through the Nuki Web API: https://docs.nuki.io/guide/

Writing is asynchronous (https://docs.nuki.io/guide/overview/concepts/): a 204 says that what was
asked is well formed, not that the lock has it, and carries no id. The lock must be online to
receive it; the caller looks again (`named`) until it is there. Names are therefore ours, one each.

Read in the maker's forum, at https://developer.nuki.io: six digits of 1 to 9, not starting by 12,
once in the whole account, names of 20 characters at most (t/54, t/35593); 100 codes on a Keypad,
200 on a Keypad 2 (t/9688, t/37194): 100 is stated here; while an operation runs on a code, others
on it answer 423, and the one before last may be what stays (t/1178); code and type refused with
the value sent inside the message (t/16794, t/39051); dates ignored when sent alone (t/22356),
week days being mandatory with them; the values of `type` (t/22356).

Not verified, for want of the service: that a code taken answers 409; the values of `serverState`
(0 reachable, 4 not), read in clients only; `config.keypadPaired`, told apart from absent; the
finest step of dates (a minute is stated); that the daily hours are the lock's local time.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Any, TypeVar
from urllib.parse import quote

from preau.integrations.http import (
    TIMEOUT_SECONDS,
    Answer,
    Rejected,
    Service,
    Unauthorized,
    Unavailable,
    json_bytes,
)
from preau.integrations.locks import (
    Busy,
    Capabilities,
    CodeRefused,
    CodeTaken,
    Gone,
    NoKeypad,
    Refused,
    text,
    whole,
)

URL = "https://api.nuki.io"
LONGEST_NAME = 20
KEYPAD_CODE = 13
EVERY_DAY = frozenset(range(7))
Read = TypeVar("Read")

CAPABILITIES = Capabilities(
    digits_min=6,
    digits_max=6,
    takes_our_code=True,
    step=timedelta(minutes=1),
    longest=None,
    revocable=True,
    movable=True,
    needs_online=True,
    codes=100,
    refused_digits="0",
    refused_starts=("12",),
)


class State(Enum):
    """Of the bolt. A number that this client does not know is `UNKNOWN`."""

    LOCKED = "locked"
    UNLOCKED = "unlocked"
    MOVING = "moving"
    JAMMED = "jammed"
    UNKNOWN = "unknown"


_STATES = {1: State.LOCKED, 254: State.JAMMED}
_STATES |= dict.fromkeys((2, 4, 7), State.MOVING) | dict.fromkeys((3, 5, 6), State.UNLOCKED)
_OPENER = 2


@dataclass(frozen=True, slots=True)
class Lock:
    """A device of the account.

    Attributes:
        online: the service reaches it now: codes can be written.
        battery_low: of the lock.
        keypad_battery_low: of its keypad.
        keypad: it has one; None when the service does not say.
    """

    id: int
    name: str
    online: bool
    state: State
    battery_low: bool
    keypad_battery_low: bool
    keypad: bool | None


@dataclass(frozen=True, slots=True)
class Window:
    """When a code opens.

    Attributes:
        start, end: aware; kept in UTC, to the millisecond.
        weekdays: 0 is Monday. All of them unless said: without any, dates are not held to.
        minutes: each of those days, from and until, in minutes after the lock's midnight; None
            for the whole day.
    """

    start: datetime
    end: datetime
    weekdays: frozenset[int] = EVERY_DAY
    minutes: tuple[int, int] | None = None

    def __post_init__(self) -> None:
        # As the service writes them, so that what comes back compares equal: two local times of
        # the hour that clocks repeat never do.
        for name in ("start", "end"):
            at = getattr(self, name).astimezone(UTC)
            at = at.replace(microsecond=at.microsecond // 1000 * 1000)
            object.__setattr__(self, name, at)
        if self.start >= self.end:
            raise ValueError("empty window")
        if not self.weekdays or not self.weekdays <= EVERY_DAY:
            raise ValueError("week days are 0 to 6")
        if self.minutes and not 0 <= self.minutes[0] < self.minutes[1] < 24 * 60:
            raise ValueError("minutes of one day, in order")


@dataclass(frozen=True, slots=True)
class Authorisation:
    """A keypad code as the service knows it.

    Attributes:
        id: opaque; what `update` and `delete` take.
        window: None when it is always valid, or not held to.
        pending: an operation still runs on it: it may yet become something else.
        failed: the lock refused the last operation.
    """

    id: str
    name: str
    enabled: bool
    window: Window | None
    pending: bool
    failed: bool
    code: str = field(repr=False)

    def holds(self, code: str, window: Window) -> bool:
        """It is in the lock, as asked: a code may be given to somebody only then."""
        ready = self.enabled and not self.pending and not self.failed
        return ready and self.code == code and self.window == window


class Client:
    """One account.

    Args:
        token: the account's API token (Nuki Web, « API »).
        timeout: seconds.
        tries: for what may be asked twice, that is reading and deleting.
    """

    def __init__(
        self,
        token: str,
        *,
        url: str = URL,
        timeout: float = TIMEOUT_SECONDS,
        tries: int = 1,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
        self._service = Service(url.rstrip("/"), headers, timeout, tries, sleep)

    def locks(self) -> tuple[Lock, ...]:
        """Every lock of the account, with its state.

        Raises:
            Unavailable: no answer, or not understood; Unauthorized: the token.
        """
        return self._list("/smartlock", _lock)

    def named(self, lock: int, name: str) -> tuple[Authorisation, ...]:
        """Codes of this name: none yet, one, or several if creating was tried twice.

        Raises:
            Unavailable, Unauthorized; Gone: no such lock.
        """
        path = f"/smartlock/{lock:d}/auth?types={KEYPAD_CODE}"
        return self._list(path, lambda said: _authorisation(said) if _is(said, name) else None)

    def create(self, lock: int, name: str, code: str, window: Window) -> None:
        """Ask for a code. It is not there yet: see `named` and `Authorisation.holds`.

        Never tried twice: when the answer was lost, look first.

        Args:
            name: 1 to 20 characters, of our own and nobody's name: it is the only way back.

        Raises:
            CodeRefused, CodeTaken: draw another; NoKeypad: none paired; Refused; Gone: no such
                lock; Busy; Unavailable; Unauthorized.
            ValueError: the name.
        """
        body = _body(name, code, window) | {"type": KEYPAD_CODE, "smartlockIds": [lock]}
        self._send("PUT", "/smartlock/auth", body)

    def update(self, lock: int, auth_id: str, name: str, code: str, window: Window) -> None:
        """Ask that a code becomes this. Nothing has changed yet, as when creating.

        Raises:
            Busy: an operation on it still runs; Gone: it was deleted; and as `create`.
        """
        self._send("POST", _path(lock, auth_id), _body(name, code, window))

    def delete(self, lock: int, auth_id: str) -> None:
        """Ask that a code be forgotten; one that is not there counts as done.

        It still opens until the lock received this: `named` says when it no longer does.

        Raises:
            Busy; Unavailable; Unauthorized; Refused.
        """
        try:
            self._send("DELETE", _path(lock, auth_id), None, again=True)
        except Gone:
            return

    def _list(self, path: str, read: Callable[[Any], Read | None]) -> tuple[Read, ...]:
        said = self._send("GET", path, None, again=True).json()
        try:
            if not isinstance(said, list):
                raise TypeError
            return tuple(one for one in map(read, said) if one is not None)
        except (KeyError, TypeError, ValueError, OverflowError):
            pass
        raise Unavailable("the answer has another shape")

    def _send(
        self, method: str, path: str, body: dict[str, Any] | None, *, again: bool = False
    ) -> Answer:
        try:
            return self._service.send(
                method,
                path,
                content=None if body is None else json_bytes(body),
                headers={"Content-Type": "application/json"} if body is not None else None,
                again=again,
            )
        except Rejected as error:
            refusal = _refusal(error)
        # Outside: the answer quotes the code, and would follow as the context of the new error.
        raise refusal


def _body(name: str, code: str, window: Window) -> dict[str, Any]:
    if not 1 <= len(name) <= LONGEST_NAME:
        raise ValueError("a name has 1 to 20 characters")
    if not CAPABILITIES.accepts(code):
        raise CodeRefused("digits")
    body = {
        "name": name,
        "code": int(code),
        "allowedFromDate": _written(window.start),
        "allowedUntilDate": _written(window.end),
        "allowedWeekDays": sum(64 >> day for day in window.weekdays),
    }
    if window.minutes:
        body |= {"allowedFromTime": window.minutes[0], "allowedUntilTime": window.minutes[1]}
    return body


def _written(at: datetime) -> str:
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


def _path(lock: int, auth_id: str) -> str:
    return f"/smartlock/{lock:d}/auth/{quote(auth_id, safe='')}"


def _refusal(error: Rejected) -> Exception:
    """What a refusal means, without the answer: it repeats the value that it refuses."""
    status, said = error.status, error.said
    message = said.get("detailMessage") if isinstance(said, dict) else None
    wrong = re.search(r"for parameter '(\w+)'", message) if isinstance(message, str) else None
    by_parameter = {"code": CodeRefused, "type": NoKeypad}
    by_status = {404: Gone, 409: CodeTaken}
    if status == 402:
        return Unauthorized("status 402")
    if status == 423:
        return Busy("status 423")
    kind = by_parameter.get(wrong[1]) if wrong else None
    return (kind or by_status.get(status, Refused))(f"status {status}", status)


def _lock(said: Any) -> Lock:
    state, config = said["state"], said.get("config") or {}
    known = State.UNKNOWN if whole(said["type"]) == _OPENER else None
    paired = [config[key] for key in ("keypadPaired", "keypad2Paired") if key in config]
    return Lock(
        id=whole(said["smartlockId"]),
        name=text(said["name"]),
        online=whole(said["serverState"]) == 0,
        state=known or _STATES.get(whole(state["state"]), State.UNKNOWN),
        battery_low=state["batteryCritical"] is True,
        keypad_battery_low=state.get("keypadBatteryCritical") is True,
        keypad=any(paired) if paired else None,
    )


def _is(said: Any, name: str) -> bool:
    """Codes that others made may be of any shape: only ours is read whole."""
    return whole(said["type"]) == KEYPAD_CODE and said.get("name") == name


def _authorisation(said: Any) -> Authorisation:
    return Authorisation(
        id=text(said["id"]),
        name=text(said["name"]),
        enabled=said["enabled"] is True,
        window=_window(said),
        pending=said.get("operationId") is not None,
        failed=bool(said.get("error")),
        code=str(whole(said["code"])),
    )


def _window(said: dict[str, Any]) -> Window | None:
    start, end = said.get("allowedFromDate"), said.get("allowedUntilDate")
    mask = said.get("allowedWeekDays") or 0
    days = frozenset(day for day in range(7) if whole(mask) & (64 >> day))
    if start is None or end is None or not days:
        return None
    first, last = said.get("allowedFromTime") or 0, said.get("allowedUntilTime") or 0
    minutes = (whole(first), whole(last)) if first or last else None
    return Window(_read(start), _read(end), days, minutes)


def _read(said: Any) -> datetime:
    at = datetime.fromisoformat(text(said))
    if at.tzinfo is None:
        raise ValueError
    return at.astimezone(UTC)
