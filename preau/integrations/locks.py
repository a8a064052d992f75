"""What every connected lock must say of itself, so that a room can choose windows and codes.

Makers differ: some take our code, some make one; some forget it when told to, some never will.
`Capabilities` says it once, and each client states its own with the document it was read in.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from preau.integrations.http import Rejected, Unavailable

DAY = timedelta(days=1)


class WindowRefused(ValueError):
    """Such a window cannot be given to this lock, however it is rounded."""


class Offline(Unavailable):
    """The service answers; the lock, or what links it to the network, does not."""


class Busy(Unavailable):
    """The lock is still at another operation: ask again in a while."""


class Refused(Rejected):
    """The lock, or its service, understood and says no. Never carries the answer, nor a code.

    Attributes:
        status: HTTP status, 200 for a service that says its errors in the body.
    """

    def __init__(self, what: str, status: int = 200) -> None:
        super().__init__(status)
        self.args = (what,)


class CodeRefused(Refused):
    """The digits do not suit it: draw others."""


class CodeTaken(CodeRefused):
    """Somebody has this code already, maybe we do: look before drawing another."""


class Full(Refused):
    """No room left in the lock: delete codes that ended."""


class NoKeypad(Refused):
    """The lock has no keypad, or none that takes codes."""


class Gone(Refused):
    """The lock, or the code, is no longer known."""


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a lock can do.

    Attributes:
        digits_min: fewest digits of a code.
        digits_max: most digits of a code.
        takes_our_code: False when the maker draws it, and tells it once the window is known.
        step: windows start and end on multiples of it (a divisor of an hour, or an hour), in
            the lock's local time; others are rounded outward. The shortest is of one step.
        longest: longest window, None without limit.
        revocable: a code can be made to stop before its end, from afar.
        movable: its window can change while the code stays.
        needs_online: creating, and revoking, need the lock to be reached.
        codes: how many it holds at once, None when not published.
        refused_digits: never inside a code.
        refused_starts: never at its start.
        refuses_runs: neither one digit repeated nor digits in sequence.
        same_window: how many codes exist for exactly the same window, None without limit.
        first_use_within: a code not used that long after its start dies, None when it does not.
        whole_days_beyond: a longer window is made of whole days: it ends at the hour it starts.
        least_days: and is of as many days at least.
    """

    digits_min: int
    digits_max: int
    takes_our_code: bool
    step: timedelta
    longest: timedelta | None
    revocable: bool
    movable: bool
    needs_online: bool
    codes: int | None
    refused_digits: str = ""
    refused_starts: tuple[str, ...] = ()
    refuses_runs: bool = False
    same_window: int | None = None
    first_use_within: timedelta | None = None
    whole_days_beyond: timedelta | None = None
    least_days: int = 0

    def window(self, start: datetime, end: datetime) -> tuple[datetime, datetime]:
        """The smallest window that this lock takes and that holds the one asked.

        Args:
            start, end: aware, in the lock's time zone: hours are its own.

        Raises:
            WindowRefused: empty, or longer than the lock allows.
        """
        if start.astimezone(UTC) >= end.astimezone(UTC):
            raise WindowRefused("empty")
        start, end = self._floor(start), self._ceil(end)
        if self.whole_days_beyond is not None and elapsed(start, end) > self.whole_days_beyond:
            end = self._whole_days(start, end)
        if self.longest is not None and elapsed(start, end) > self.longest:
            raise WindowRefused("too long")
        return start, end

    def accepts(self, code: str) -> bool:
        """Whether a code may be given to it (a code of ours, only)."""
        return (
            self.takes_our_code
            and self.digits_min <= len(code) <= self.digits_max
            and code.isascii()
            and code.isdigit()
            and not set(code) & set(self.refused_digits)
            and not code.startswith(self.refused_starts)
            and not (self.refuses_runs and _is_run(code))
        )

    def draw(self, taken: Collection[str] = (), *, digits: int = 6) -> str:
        """A code of ours that it accepts, unforeseeable.

        Args:
            taken: codes not to draw again.
            digits: how many are wished for; as near as the lock allows.

        Raises:
            ValueError: the lock makes its own codes, or too few are left to draw one.
        """
        if not self.takes_our_code:
            raise ValueError("this lock makes its own codes")
        length = max(self.digits_min, min(digits, self.digits_max))
        allowed = [digit for digit in "0123456789" if digit not in self.refused_digits]
        for _ in range(1000):
            code = "".join(secrets.choice(allowed) for _ in range(length))
            if self.accepts(code) and code not in taken:
                return code
        raise ValueError("no code left")

    def _floor(self, at: datetime) -> datetime:
        past = timedelta(minutes=at.minute, seconds=at.second, microseconds=at.microsecond)
        return _later(at, -(past % self.step))

    def _ceil(self, at: datetime) -> datetime:
        floor = self._floor(at)
        return floor if elapsed(floor, at) == timedelta(0) else _later(floor, self.step)

    def _whole_days(self, start: datetime, end: datetime) -> datetime:
        """Days of the calendar, not of 24 hours: the hour stays when the clocks change."""
        days = max(self.least_days, elapsed(start, end) // DAY - 1)
        while (start + days * DAY).astimezone(UTC) < end.astimezone(UTC):
            days += 1
        return start + days * DAY


def elapsed(start: datetime, end: datetime) -> timedelta:
    """Time between two instants: subtracting two local times forgets that clocks change."""
    return end.astimezone(UTC) - start.astimezone(UTC)


def whole(said: Any) -> int:
    """A number of an answer; `True` and "1" are not."""
    if type(said) is not int:
        raise TypeError
    return said


def text(said: Any) -> str:
    """A text of an answer, not empty."""
    if not isinstance(said, str) or not said:
        raise TypeError
    return said


def _later(at: datetime, by: timedelta) -> datetime:
    return (at.astimezone(UTC) + by).astimezone(at.tzinfo)


def _is_run(code: str) -> bool:
    steps = {ord(after) - ord(before) for before, after in pairwise(code)}
    return len(steps) <= 1 and steps <= {-1, 0, 1}
