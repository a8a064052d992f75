"""Open, used and free time of parts of spaces, laid on the hours of the wall. Pure: no database.

Time is counted in quarter-hours of UTC, from a local midnight: local days have 92, 96 or 100 of
them, and every hour of the wall is four, so that the change-over days need no care. A fragment is
judged by its whole length, across midnight and across the ends of the period: two days more are
read on each side, and counted nowhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from preau.availability.bits import day_length, wall_minute
from preau.capacity.grids import CELLS, DAYS, HOURS, MEASURES, SHAPE, Measure
from preau.core.timeranges import local_instant

MARGIN = timedelta(days=2)
ONE_DAY = timedelta(days=1)
#: Parts of spaces worked out at once: what a processor's cache and a small machine bear.
CHUNK = 64
_KINDS = SHAPE[0] * CELLS
_LONGER = ((120, Measure.USEFUL_2H), (240, Measure.USEFUL_4H))


@dataclass(frozen=True)
class Axis:
    """The quarters of some local days, and what hour of which week each is.

    Attributes:
        starts: for each day, margins included, its first quarter; the last item is the end.
        bins: for each hour, `month × 336 + holidays × 168 + weekday × 24 + hour`; -1 in a margin.
    """

    zone: ZoneInfo
    first: date
    last: date
    origin: int
    starts: Any
    bins: Any
    months: int

    @property
    def length(self) -> int:
        return int(self.starts[-1])

    def start_of(self, day: date) -> int:
        """The quarter at which that day starts; the first or the last where it is outside."""
        number = (day - self.first + MARGIN).days
        return int(self.starts[min(max(number, 0), len(self.starts) - 1)])


def axis(
    zone: ZoneInfo, first: date, last: date, is_holiday: Callable[[date], bool] = lambda _: False
) -> Axis:
    """Both days included; months are numbered from that of the first day."""
    days = [first - MARGIN + n * ONE_DAY for n in range((last - first).days + 1 + 2 * MARGIN.days)]
    lengths = [day_length(day, zone) for day in days]
    bins: list[int] = []
    for day, length in zip(days, lengths, strict=True):
        if not first <= day <= last:
            bins += [-1] * (length // 4)
            continue
        month = (day.year - first.year) * 12 + day.month - first.month
        head = month * _KINDS + bool(is_holiday(day)) * CELLS + day.weekday() * HOURS
        if length == 96 and wall_minute(day, 95, zone) == 1425:
            bins += range(head, head + HOURS)
        else:
            bins += [head + wall_minute(day, 4 * n, zone) // 60 for n in range(length // 4)]
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    origin = int(local_instant(days[0], 0, zone).timestamp()) // 900
    starts = np.concatenate(([0], np.cumsum(lengths)))
    return Axis(zone, first, last, origin, starts, np.array(bins), months)


@dataclass
class Part:
    """An indivisible part of a space, as the engine needs it.

    Attributes:
        opening: open quarters of the axis, an array of bool; None when it is never open.
        since: the quarter of the axis from which it exists.
        before, after: preparation and clean-up that its next occupant would need, in quarters.
        useful: the shortest stretch worth offering, in quarters.
        taken: (busy from, to, asked from, to, is a closure), in quarters since 1970.
    """

    opening: Any
    since: int
    before: int
    after: int
    useful: int
    taken: Sequence[tuple[int, int, int, int, bool]]


def measure(where: Axis, parts: Sequence[Part]) -> Any:
    """Quarters by [part, month, holidays, measure, weekday, hour]."""
    found = np.zeros((len(parts), where.months, *SHAPE), np.int32)
    order, heads, kept = _ordered(where)
    for start in range(0, len(parts), CHUNK):
        some = parts[start : start + CHUNK]
        for number, mask in _masks(where, some):
            by_hour = mask.reshape(len(some), -1, 4).sum(axis=2, dtype=np.uint8)
            sums = np.add.reduceat(by_hour[:, order], heads, axis=1, dtype=np.int32)
            flat = np.zeros((len(some), where.months * _KINDS), np.int32)
            flat[:, kept] = sums
            cells = flat.reshape(len(some), where.months, 2, DAYS, HOURS)
            found[start : start + CHUNK, :, :, number] = cells
    assert found.shape[3] == MEASURES
    return found


def _ordered(where: Axis) -> tuple[Any, Any, Any]:
    """Hours in the order of their bins, where each bin begins among them, and which they are."""
    order = np.argsort(where.bins, kind="stable")
    order = order[np.searchsorted(where.bins[order], 0) :]
    kept, heads = np.unique(where.bins[order], return_index=True)
    return order, heads, kept


def _masks(where: Axis, parts: Sequence[Part]) -> Iterable[tuple[Measure, Any]]:
    exists = np.ones((len(parts), where.length), bool)
    opening = np.zeros_like(exists)
    used, closed, forbidden = np.zeros_like(exists), np.zeros_like(exists), np.zeros_like(exists)
    for row, part in enumerate(parts):
        exists[row, : part.since] = False
        if part.opening is not None:
            opening[row] = part.opening
        _lay(where, part, used[row], closed[row], forbidden[row])
    opening &= exists
    yield Measure.CLOCK, exists
    yield Measure.CLOSED, opening & closed
    opening &= ~closed
    yield Measure.OPEN, opening
    used &= opening
    yield Measure.USED, used
    yield Measure.BUFFER, opening & forbidden & ~used
    free = opening & ~forbidden
    yield Measure.FREE, free
    shortest = np.array([part.useful for part in parts])
    yield from _useful(free, shortest)


def _lay(where: Axis, part: Part, used: Any, closed: Any, forbidden: Any) -> None:
    """As the search index does: a newcomer needs its own preparation and clean-up too."""
    for busy, freed, start, end, is_closure in part.taken:
        inner = closed if is_closure else used
        first, last = max(busy, start), min(freed, end)
        inner[max(first - where.origin, 0) : max(last - where.origin, 0)] = True
        head, tail = busy - part.after - where.origin, freed + part.before - where.origin
        forbidden[max(head, 0) : max(tail, 0)] = True


def _useful(free: Any, shortest: Any) -> Iterable[tuple[Measure, Any]]:
    """The free stretches that are long enough, for each length asked."""
    rows, quarters = free.shape
    edges = np.zeros((rows, quarters + 2), np.int8)
    edges[:, 1:-1] = free
    steps = np.diff(edges, axis=1)
    row, start = np.nonzero(steps == 1)
    _, end = np.nonzero(steps == -1)
    length = end - start
    for least, number in ((0, Measure.USEFUL), *_LONGER):
        kept = length >= np.maximum(shortest[row], least // 15)
        marks = np.zeros((rows, quarters + 1), np.int8)
        marks[row[kept], start[kept]] = 1
        marks[row[kept], end[kept]] = -1
        yield number, np.cumsum(marks, axis=1, dtype=np.int8)[:, :-1].astype(bool)
