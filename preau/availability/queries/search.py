"""Which spaces are free near a point. Reads the search index alone; the page joins the rest.

How the statements are made and why they stay fast: docs/adr/0013.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

from preau.availability import bits as quarters
from preau.availability.queries import statements
from preau.availability.queries.discs import Where, disc, widening
from preau.core import clock, databases
from preau.core.timeranges import Period, local_instant
from preau.places.enums import STEPS

__all__ = ["Cursor", "Evenings", "Filters", "Found", "Page", "Where", "evenings", "near", "window"]

PAGE = 20
#: What nearly every disc holds; the others turn up in the first answer.
USUAL_ZONE = "Europe/Paris"

Row = tuple[Any, ...]
Rows = list[Row]
#: Sends a statement with its parameters.
Run = Callable[[str, dict[str, Any]], Rows]
Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Filters:
    """What a space must be, whatever the time.

    Attributes:
        people: at least this capacity; of a pool, as many stations as seat them (`places.rules`).
        kinds, place_kinds: any of these; empty means all.
        equipment: mask of `Equipment` bits, all required.
        quantity: at least this many stations of a pool, at once.
    """

    people: int = 1
    kinds: tuple[str, ...] = ()
    place_kinds: tuple[str, ...] = ()
    equipment: int = 0
    accessible: bool = False
    quantity: int = 1


@dataclass(frozen=True)
class Found:
    """A space that answers, how far it is, and when (None when no time was asked).

    Attributes:
        quantity: how many of its stations the people asked need; 1 for a room.
    """

    space_id: int
    km: float
    period: Period | None = None
    quantity: int = 1


@dataclass(frozen=True)
class Cursor:
    """Where the previous page stopped."""

    km: float
    space_id: int


@dataclass(frozen=True)
class Page:
    rows: list[Found]
    next: Cursor | None


@dataclass(frozen=True)
class Evenings:
    """The same hours on several days: "two hours between 18:00 and 22:00 on any of these"."""

    days: tuple[date, ...]
    start_minute: int
    end_minute: int
    minutes: int

    def windows(self, zone: ZoneInfo) -> list[Period]:
        """The hours of each day; none on a day whose clock jumps over them."""
        bounds = [
            (
                local_instant(day, self.start_minute, zone),
                local_instant(day, self.end_minute, zone),
            )
            for day in self.days
        ]
        return [Period(start, end) for start, end in bounds if start < end]


def near(where: Where, filters: Filters, *, limit: int = PAGE, after: Cursor | None = None) -> Page:
    """Spaces of that description by distance, whatever the time."""

    def ask(circle: Where) -> Rows:
        return run(statements.ANY_TIME, parameters(circle, filters, limit + 1, after))

    rows = widening(where, limit + 1, ask, beyond=after.km if after else 0.0)
    return _page([Found(space_id, km, None, need) for space_id, km, need in rows], limit)


def window(
    where: Where,
    period: Period,
    filters: Filters,
    *,
    limit: int = PAGE,
    after: Cursor | None = None,
    now: datetime | None = None,
) -> Page:
    """Spaces that may be booked for exactly that period, nearest first."""
    asked = {
        "start": period.start,
        "minutes": period.minutes,
        "now": now or clock.now(),
        "zero": quarters.ZERO,
    }
    wanted = _InZones(lambda zones: asked | _masks(period, zones))

    def look(run: Run) -> Sequence[Row]:
        def ask(circle: Where) -> Rows:
            values = parameters(circle, filters, limit + 1, after)
            return wanted.rows(run, statements.WINDOW, values)

        return widening(where, limit + 1, ask, beyond=after.km if after else 0.0)

    found = [Found(space_id, km, period, need) for space_id, km, need in pinned(look)]
    return _page(found, limit)


def evenings(
    where: Where,
    asked: Evenings,
    filters: Filters,
    *,
    limit: int = PAGE,
    after: Cursor | None = None,
    now: datetime | None = None,
) -> Page:
    """Spaces free that long within the hours of at least one day, with the first time they are.

    The hours lie within one local day each.
    """
    values = {"minutes": asked.minutes, "now": now or clock.now(), "zero": quarters.ZERO}
    statement = statements.evenings(asked.minutes // 15)
    wanted = _InZones(lambda zones: values | _wanted(asked, zones))

    def look(run: Run) -> Sequence[Row]:
        def ask(circle: Where) -> Rows:
            return wanted.rows(run, statement, parameters(circle, filters, limit + 1, after))

        return widening(where, limit + 1, ask, beyond=after.km if after else 0.0)

    long = timedelta(minutes=asked.minutes)
    rows = pinned(look)
    found = [Found(pk, km, Period(start, start + long), need) for pk, km, need, start in rows]
    return _page(found, limit)


class _InZones:
    """A statement that needs the time zones of a disc before it is known which there are.

    It is asked with the usual one and answers, besides its rows, which zones it met; if some were
    not among those asked, it is asked again with them.
    """

    def __init__(self, parameters_in: Callable[[Sequence[str]], dict[str, Any]]) -> None:
        self._parameters_in = parameters_in
        self._zones = [USUAL_ZONE]
        self._values = parameters_in(self._zones)

    def rows(self, run: Run, statement: str, values: dict[str, Any]) -> Rows:
        rows = run(statement, values | self._values)
        met = set(rows[0][0] or ())
        if not met <= set(self._zones):
            self._zones = sorted(met)
            self._values = self._parameters_in(self._zones)
            rows = run(statement, values | self._values)
        return [row[1:] for row in rows if row[1] is not None]


def _masks(period: Period, zones: Sequence[str]) -> dict[str, list[Any]]:
    """The quarters that the period takes, on the calendar of each time zone."""
    columns: dict[str, list[Any]] = {name: [] for name in ("zones", "days", "masks", "years")}
    for zone in zones:
        for day, mask in quarters.masks(period, ZoneInfo(zone)).items():
            columns["zones"].append(zone)
            columns["days"].append(day)
            columns["masks"].append(quarters.to_text(mask))
    columns["years"] = sorted({day.year for day in columns["days"]})
    return columns


def _wanted(asked: Evenings, zones: Sequence[str]) -> dict[str, list[Any]]:
    """For each time zone, step and day: the hours wanted and the starts allowed."""
    names = ("zones", "steps", "days", "windows", "starts", "origins")
    columns: dict[str, list[Any]] = {name: [] for name in names}
    each_day: dict[date, int] = {}
    for name in zones:
        zone = ZoneInfo(name)
        for period in asked.windows(zone):
            for day, inside in quarters.masks(period, zone).items():
                each_day[day] = each_day.get(day, 0) | inside
                for step in STEPS:
                    starts, origin = _starts(day, step, name), local_instant(day, 0, zone)
                    row = (name, step, day, quarters.to_text(inside), starts, origin)
                    for column, value in zip(names, row, strict=True):
                        columns[column].append(value)
    columns["each_day"] = list(each_day)
    columns["day_masks"] = [quarters.to_text(mask) for mask in each_day.values()]
    columns["years"] = sorted({day.year for day in each_day})
    return columns


@lru_cache(maxsize=4096)
def _starts(day: date, step: int, zone: str) -> str:
    return quarters.to_text(quarters.step_starts(day, step, ZoneInfo(zone)))


def parameters(where: Where, filters: Filters, limit: int, after: Cursor | None) -> dict[str, Any]:
    """What `statements.CANDIDATES` reads."""
    return disc(where) | {
        "people": filters.people,
        "quantity": filters.quantity,
        "equipment": filters.equipment,
        "accessible": filters.accessible,
        "kinds": list(filters.kinds),
        "place_kinds": list(filters.place_kinds),
        "after_km": after.km if after else None,
        "after_id": after.space_id if after else None,
        "limit": limit,
    }


def run(statement: str, parameters: dict[str, Any]) -> Rows:
    """The rows, from wherever searches read."""

    def read(connection: BaseDatabaseWrapper) -> Rows:
        with connection.cursor() as cursor:
            return _rows(cursor, statement, parameters)

    return databases.search(read)


def pinned(look: Callable[[Run], Answer]) -> Answer:
    """What `look` answers, its statements planned as `statements.PINNED` says."""

    def read(connection: BaseDatabaseWrapper) -> Answer:
        within = connection.in_atomic_block
        with (
            transaction.atomic(using=connection.alias, savepoint=False),
            connection.cursor() as cursor,
        ):
            cursor.execute(statements.PINNED)
            answer = look(lambda statement, values: _rows(cursor, statement, values))
            if within:  # the caller's transaction goes on
                cursor.execute(statements.FREED)
        return answer

    return databases.search(read)


def _rows(cursor: CursorWrapper, statement: str, values: dict[str, Any]) -> Rows:
    cursor.execute(statement, values)
    rows: Rows = cursor.fetchall()
    return rows


def _page(found: list[Found], limit: int) -> Page:
    """The rows asked for; one more says that there is a next page."""
    more = len(found) > limit
    found = found[:limit]
    return Page(found, Cursor(found[-1].km, found[-1].space_id) if more else None)
