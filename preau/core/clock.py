"""The one clock. Everything that needs the time asks here, so that tests can set it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")

_frozen: ContextVar[datetime | None] = ContextVar("frozen_clock", default=None)


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return _frozen.get() or datetime.now(UTC)  # noqa: TID251  the one place allowed


def today(zone: ZoneInfo = PARIS) -> date:
    """The calendar day now begun in that time zone; in Paris where nothing says which."""
    return now().astimezone(zone).date()


@contextmanager
def frozen(instant: datetime) -> Iterator[None]:
    """Stop the clock at an aware instant, for tests and for replaying history."""
    if instant.tzinfo is None:
        raise ValueError("The clock takes aware instants only.")
    token = _frozen.set(instant)
    try:
        yield
    finally:
        _frozen.reset(token)
