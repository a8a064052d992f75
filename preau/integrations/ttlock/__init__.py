"""Passcodes of TTLock locks, through the open platform: https://euopen.ttlock.com/document-pages/en/

Pages read there: cloud/oauth2/getAccessToken and refreshAccessToken, cloud/lock/list,
cloud/passcode/add, get, update, delete, cloud/gateway/listByLock and detail, cloud/errorCode,
userGuide/passcode; and https://euopen.ttlock.com/doc/api/v3/lock/listKeyboardPwd.

- Every error comes with HTTP 200 and `errcode`; a success has none, or 0.
- `date` is the caller's clock in milliseconds, refused (80000) more than five minutes off.
- `addType`, `changeType`, `deleteType` are 1 unless said: the cloud then notes a code that the
  lock never received, or forgets one that still opens. They are always 2 here (gateway, Wi-Fi).
- A change of dates without `startDate` succeeds and does nothing: both are always sent.
- A code of ours: 4 to 9 digits, to the minute, 250 in a lock. One drawn by the cloud (`draw`):
  no gateway, whole hours, a year at most, 6 to 9 digits, dead unless used within 24 hours of its
  start, and in the lock for good unless a gateway deletes it.

Everything is sent as a POST form, so that no token is in an address that something may log: the
documentation heads its pages so, its examples of reading being GETs; public clients do both.

Not verified, for want of the service: which codes -2032 finds too simple (one digit repeated, or
in sequence, is what is avoided); whether a Wi-Fi lock, which has no gateway, is told online.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from preau.integrations.http import Unavailable
from preau.integrations.locks import (
    Capabilities,
    CodeRefused,
    Gone,
    WindowRefused,
    elapsed,
    text,
    whole,
)
from preau.integrations.ttlock.session import URL, Account, Session, Token, shape

__all__ = ["CAPABILITIES", "URL", "WITHOUT_GATEWAY"]
__all__ += ["Account", "Client", "Lock", "Passcode", "Session", "Token"]

PAGE = 100
#: More pages than any account has: a server that never ends its list is not believed.
MOST_PAGES = 200
PERIOD = 3
BY_GATEWAY = 2
Read = TypeVar("Read")

CAPABILITIES = Capabilities(
    digits_min=4,
    digits_max=9,
    takes_our_code=True,
    step=timedelta(minutes=1),
    longest=None,
    revocable=True,
    movable=True,
    needs_online=True,
    codes=250,
    refuses_runs=True,
)
#: Of a lock without gateway, whose codes `Client.draw` makes.
WITHOUT_GATEWAY = Capabilities(
    digits_min=6,
    digits_max=9,
    takes_our_code=False,
    step=timedelta(hours=1),
    longest=timedelta(days=365),
    revocable=False,
    movable=False,
    needs_online=False,
    codes=None,
    first_use_within=timedelta(hours=24),
)


@dataclass(frozen=True, slots=True)
class Lock:
    """A lock of which the account is the first administrator.

    Attributes:
        battery: per cent; None when it is not said.
        has_gateway: one is linked to it; whether it answers now is for `Client.online`.
    """

    id: int
    name: str
    battery: int | None
    has_gateway: bool


@dataclass(frozen=True, slots=True)
class Passcode:
    """A code as the cloud knows it. Instants in UTC; None for one without limit."""

    id: int
    name: str
    start: datetime | None
    end: datetime | None
    code: str = field(repr=False)


class Client:
    """The locks of one account."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def locks(self) -> tuple[Lock, ...]:
        """Every lock of the account.

        Raises:
            Unavailable, Throttled, Unauthorized.
        """
        return tuple(self._pages("/v3/lock/list", {}, _lock))

    def online(self, lock: int) -> bool:
        """Whether a gateway that saw this lock in the last half hour is connected now.

        The service says so up to eight minutes after a gateway was unplugged.

        Raises:
            Gone: no such lock; Unavailable, Throttled, Unauthorized.
        """
        said = self._session.ask("/v3/gateway/listByLock", {"lockId": lock}, again=True)
        gateways = shape(lambda: [whole(one["gatewayId"]) for one in _listed(said)])
        for gateway in gateways:
            detail = self._session.ask("/v3/gateway/detail", {"gatewayId": gateway}, again=True)
            if shape(lambda: whole(detail["isOnline"])) == 1:  # noqa: B023  (called at once)
                return True
        return False

    def named(self, lock: int, name: str) -> tuple[Passcode, ...]:
        """Codes of this name: how to know, when an answer was lost, whether it was done.

        Raises:
            Gone: no such lock; Unavailable, Throttled, Unauthorized.
        """
        every = self._pages("/v3/lock/listKeyboardPwd", {"lockId": lock}, _passcode)
        return tuple(one for one in every if one.name == name)

    def add(self, lock: int, name: str, code: str, start: datetime, end: datetime) -> int:
        """Write a code of ours in the lock, now, through its gateway: its id.

        Never tried twice: when the answer was lost, see `named`.

        Args:
            name: ours, and nobody's name.
            start, end: aware.

        Raises:
            CodeRefused, CodeTaken: draw another; Full; Offline; Busy; Gone: no such lock;
            Refused; Unavailable; Throttled; Unauthorized.
        """
        if not CAPABILITIES.accepts(code):
            raise CodeRefused("digits")
        how = {"keyboardPwd": code, "keyboardPwdType": PERIOD, "addType": BY_GATEWAY}
        body = {"lockId": lock, "keyboardPwdName": name, **how, **_dates(start, end)}
        said = self._session.ask("/v3/keyboardPwd/add", body)
        return shape(lambda: whole(said["keyboardPwdId"]))

    def draw(self, lock: int, name: str, start: datetime, end: datetime) -> Passcode:
        """A code made by the cloud, for a lock without gateway (`WITHOUT_GATEWAY`).

        Raises:
            WindowRefused: not of whole hours, or of more than a year; Refused: no such code for
                this window (drawn, then deleted: take another hour); Gone; Unavailable;
            Throttled; Unauthorized.
        """
        rounded = WITHOUT_GATEWAY.window(start, end)
        if elapsed(start, rounded[0]) or elapsed(end, rounded[1]):
            raise WindowRefused("not whole hours")
        how = {"keyboardPwdType": PERIOD, "keyboardPwdName": name}
        said = self._session.ask(
            "/v3/keyboardPwd/get", {"lockId": lock, **how, **_dates(start, end)}
        )
        code = shape(lambda: text(said["keyboardPwd"]))
        if not (code.isascii() and code.isdigit()):
            raise Unavailable("the answer has another shape")
        pk = shape(lambda: whole(said["keyboardPwdId"]))
        return Passcode(pk, name, start.astimezone(UTC), end.astimezone(UTC), code)

    def change(
        self, lock: int, passcode: int, start: datetime, end: datetime, code: str = ""
    ) -> None:
        """Move a code, and change its digits when `code` is given, in the lock.

        Raises:
            Refused: one never used on the lock cannot change (-3008): delete it, add another;
            and as `add`.
        """
        if code and not CAPABILITIES.accepts(code):
            raise CodeRefused("digits")
        what = {"lockId": lock, "keyboardPwdId": passcode, "changeType": BY_GATEWAY}
        new = {"newKeyboardPwd": code} if code else {}
        self._session.ask(
            "/v3/keyboardPwd/change", {**what, **new, **_dates(start, end)}, again=True
        )

    def delete(self, lock: int, passcode: int) -> None:
        """Make a code stop opening, now; one that is not there counts as done.

        Raises:
            Offline, Busy: it still opens; Unavailable; Throttled; Unauthorized; Refused.
        """
        what = {"lockId": lock, "keyboardPwdId": passcode, "deleteType": BY_GATEWAY}
        try:
            self._session.ask("/v3/keyboardPwd/delete", what, again=True)
        except Gone:
            return

    def _pages(
        self, path: str, params: dict[str, Any], read: Callable[[Any], Read]
    ) -> Iterator[Read]:
        for page in range(1, MOST_PAGES + 1):
            where = {**params, "pageNo": page, "pageSize": PAGE}
            said = self._session.ask(path, where, again=True)
            found = shape(lambda: [read(one) for one in _listed(said)])  # noqa: B023
            yield from found
            if len(found) < PAGE:
                return
        raise Unavailable("the list never ends")


def _dates(start: datetime, end: datetime) -> dict[str, int]:
    return {"startDate": _milliseconds(start), "endDate": _milliseconds(end)}


def _milliseconds(at: datetime) -> int:
    return (at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)


def _listed(said: dict[str, Any]) -> list[Any]:
    if not isinstance(said["list"], list):
        raise TypeError
    return said["list"]


def _lock(said: Any) -> Lock:
    battery = said.get("electricQuantity")
    return Lock(
        id=whole(said["lockId"]),
        name=said.get("lockAlias") or text(said["lockName"]),
        battery=None if battery is None else whole(battery),
        has_gateway=whole(said["hasGateway"]) == 1,
    )


def _passcode(said: Any) -> Passcode:
    return Passcode(
        id=whole(said["keyboardPwdId"]),
        name=said.get("keyboardPwdName") or "",
        start=_instant(said.get("startDate")),
        end=_instant(said.get("endDate")),
        code=text(said["keyboardPwd"]),
    )


def _instant(said: Any) -> datetime | None:
    return datetime.fromtimestamp(whole(said) / 1000, UTC) if said else None
