"""One space, one week, one length of time: what a tired clerk reads at the counter.

Rows are hours, columns are days. A free cell is a link; beside it, why another is not free.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from preau.availability.bits import set_bits, span
from preau.availability.queries.space import (
    Slot,
    Timeline,
    booking_window,
    free_slots,
    timeline,
)
from preau.core import clock, formats
from preau.core.timeranges import local_instant
from preau.find.words import wall_words
from preau.places.models import Space

DURATIONS = (30, 60, 90, 120, 180, 240, 360, 480, 720, 1440)
USUAL_MINUTES = 120


@dataclass
class Cell:
    """An hour of a day; `rows` hours when those below say the same."""

    kind: str
    words: str
    slot: Slot | None = None
    stations: int = 0
    rows: int = 1


@dataclass(frozen=True)
class Row:
    hour: str
    cells: list[Cell]


@dataclass(frozen=True)
class Day:
    """A day of the list."""

    day: date
    slots: list[Slot]
    words: str


@dataclass
class Week:
    space: Space
    monday: date
    minutes: int
    days: list[Day]
    rows: list[Row] = field(default_factory=list)
    previous: date | None = None
    next: date | None = None

    @property
    def title(self) -> str:
        return formats.days(self.monday, self.monday + timedelta(days=6))

    @property
    def caption(self) -> str:
        return f"{self.space.name}, {self.title}, pour {formats.duration(self.minutes)}"


def durations(space: Space) -> list[int]:
    """Lengths worth offering: the shortest, the usual ones, the longest."""
    usual = [one for one in DURATIONS if space.min_minutes <= one <= space.max_minutes]
    return sorted({space.min_minutes, *usual, min(space.max_minutes, 1440)} - {0})


def usual_duration(space: Space) -> int:
    return max(space.min_minutes, min(USUAL_MINUTES, space.max_minutes))


def line_from_this_week(space: Space, minutes: int, days: int) -> Timeline:
    """One timeline for the table and for the next free slots: from this Monday on."""
    today = clock.today(space.place.zone)
    return timeline(space, _monday(today), today + timedelta(days=days + 1 + minutes // 1440))


def week_of(
    space: Space, asked: date | None, minutes: int, *, line: Timeline | None = None
) -> Week:
    """The week that holds a day, from Monday; never before this one nor past the horizon.

    Args:
        line: a timeline already read, used when it holds the whole week.
    """
    now = clock.now()
    today = now.astimezone(space.place.zone).date()
    last = today + timedelta(days=space.horizon_days)
    monday = _monday(min(max(asked or today, today), last))
    sunday = monday + timedelta(days=6)
    end = sunday + timedelta(days=1 + minutes // 1440)
    if line is None or not line.first <= monday <= end <= line.last:
        line = timeline(space, monday, end)
    slots = free_slots(space, monday, sunday, minutes, now=now, line=line)
    grid = _Grid(space, line, slots, minutes, now)
    days = [monday + timedelta(days=n) for n in range(7)]
    return Week(
        space=space,
        monday=monday,
        minutes=minutes,
        days=[grid.day(day) for day in days],
        rows=grid.rows(days),
        previous=monday - timedelta(days=7) if monday > today else None,
        next=monday + timedelta(days=7) if sunday < last else None,
    )


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


class _Grid:
    """The week's bits, read hour by hour."""

    def __init__(
        self, space: Space, line: Timeline, slots: list[Slot], minutes: int, now: datetime
    ) -> None:
        self.space, self.line, self.minutes, self.now = space, line, minutes, now
        self.zone: ZoneInfo = space.place.zone
        self.earliest, self.latest = booking_window(space, now)
        self.by_position = {line.position(slot.start): slot for slot in slots}
        self.starts = sum(1 << place for place in self.by_position)
        self.taken = line.lanes[0] if line.lanes else 0
        for lane in line.lanes[1:]:
            self.taken &= lane
        self.unit = max(60, space.step_minutes)

    def _positions(self, day: date, minute: int, until: int) -> int:
        first = self.line.position(local_instant(day, minute, self.zone))
        return span(first, self.line.position(local_instant(day, until, self.zone)))

    def day(self, day: date) -> Day:
        hours = self._positions(day, 0, 1440)
        slots = [self.by_position[place] for place in set_bits(self.starts & hours)]
        return Day(day, slots, "" if slots else self._why(day, 0, 1440)[1])

    def rows(self, days: list[date]) -> list[Row]:
        minutes = range(0, 1440, self.unit)
        columns = [[self._cell(day, minute) for minute in minutes] for day in days]
        shown = [
            number
            for number in range(len(minutes))
            if any(column[number].kind != "closed" for column in columns)
        ]
        if not shown:
            return []
        kept = range(shown[0], shown[-1] + 1)
        starts = [_merged(column[kept.start : kept.stop]) for column in columns]
        return [
            Row(wall_words(minutes[number]), [c for column in starts if (c := column[place])])
            for place, number in enumerate(kept)
        ]

    def _cell(self, day: date, minute: int) -> Cell:
        hours = self._positions(day, minute, minute + self.unit)
        free = self.starts & hours
        if free:
            slot = self.by_position[(free & -free).bit_length() - 1]
            lanes = self.line.free_lanes(slot.period) if self.space.is_pool else 0
            return Cell("free", "", slot, lanes)
        return Cell(*self._why(day, minute, minute + self.unit))

    def _why(self, day: date, minute: int, until: int) -> tuple[str, str]:
        """Why nothing can start then: the kind of cell, and its words."""
        hours = self._positions(day, minute, until)
        end = local_instant(day, until, self.zone)
        if not self.line.open & hours:
            # Opening hours are not kept for days gone: they may have been open.
            return "closed", "Passé" if local_instant(day, 1440, self.zone) <= self.now else "Fermé"
        if end <= self.now:
            return "past", "Passé"
        if not self.line.open & hours & ~self.taken:
            return "busy", "Occupé"
        if end <= self.earliest:
            return "past", "Trop tard"
        if local_instant(day, minute, self.zone) > self.latest:
            return "later", "Pas encore réservable"
        return "short", f"Reste moins de {formats.duration(self.minutes)}"


def _merged(column: list[Cell]) -> list[Cell | None]:
    """Cells that say the same one under the other become one; None stands where it goes on."""
    result: list[Cell | None] = []
    above: Cell | None = None
    for cell in column:
        if above and above.kind == cell.kind != "free":
            above.rows += 1
            result.append(None)
        else:
            above = cell
            result.append(cell)
    return result
