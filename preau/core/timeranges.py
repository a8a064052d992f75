"""Instants, quarter-hours and local days. Periods are half-open, [start, end), in UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

QUARTER = timedelta(minutes=15)

#: A day asked of a person is in this span: others are slips of the keyboard (0027, 9999) and
#: overflow once hours are added to them.
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)


@dataclass(frozen=True, order=True, slots=True)
class Period:
    """A non-empty span of time between two aware instants, kept in UTC."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start.tzinfo is None or self.end.tzinfo is None:
            raise ValueError("A period needs aware instants.")
        if self.end <= self.start:
            raise ValueError("A period ends after it starts.")
        object.__setattr__(self, "start", self.start.astimezone(UTC))
        object.__setattr__(self, "end", self.end.astimezone(UTC))

    @property
    def duration(self) -> timedelta:
        return self.end - self.start

    @property
    def minutes(self) -> int:
        return int(self.duration.total_seconds()) // 60

    def overlaps(self, other: Period) -> bool:
        return self.start < other.end and other.start < self.end

    def contains(self, other: Period) -> bool:
        return self.start <= other.start and other.end <= self.end

    def widened(self, before: timedelta, after: timedelta) -> Period:
        return Period(self.start - before, self.end + after)

    def shifted(self, delta: timedelta) -> Period:
        return Period(self.start + delta, self.end + delta)

    def minus(self, others: list[Period]) -> list[Period]:
        """What is left of this period once the others are taken away, in order."""
        left, cursor = [], self.start
        for other in sorted(others):
            if other.end <= cursor or other.start >= self.end:
                continue
            if other.start > cursor:
                left.append(Period(cursor, other.start))
            cursor = max(cursor, other.end)
        if cursor < self.end:
            left.append(Period(cursor, self.end))
        return left


def is_on_quarter(instant: datetime) -> bool:
    return instant.minute % 15 == 0 and instant.second == 0 and instant.microsecond == 0


@lru_cache(maxsize=16_384)  # a calendar asks for the same midnights a thousand times
def local_instant(day: date, minute: int, zone: ZoneInfo) -> datetime:
    """The UTC instant of a wall-clock minute of a local day (0 to 2880, next day beyond 1440).

    The one conversion from wall time. On the change-over days: an hour that happens twice means
    its first passage; an hour that does not exist means the same reading carried past the gap
    (02:30 in March is 03:30), which is what PEP 495 does with `fold=0`.
    """
    day, minute = day + timedelta(days=minute // 1440), minute % 1440
    wall = datetime.combine(day, time(minute // 60, minute % 60), tzinfo=zone)
    return wall.astimezone(UTC)


def day_period(day: date, zone: ZoneInfo) -> Period:
    """The whole local day: 24 hours, or 23 or 25 on the change-over days."""
    return Period(local_instant(day, 0, zone), local_instant(day, 1440, zone))


def end_of_day(day: date, zone: ZoneInfo) -> datetime:
    """23:59 on the clock there: the end of a day as people say a limit."""
    return local_instant(day, 24 * 60 - 1, zone)


def next_quarter(instant: datetime) -> datetime:
    """The first quarter of an hour at this instant or after it."""
    past = timedelta(minutes=instant.minute % 15, seconds=instant.second)
    past += timedelta(microseconds=instant.microsecond)
    return instant + timedelta(minutes=15) - past if past else instant


def local_days(period: Period, zone: ZoneInfo) -> list[date]:
    """The local days a period touches, in order."""
    first = period.start.astimezone(zone).date()
    last = (period.end - timedelta(microseconds=1)).astimezone(zone).date()
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def quarter_index(instant: datetime, day: date, zone: ZoneInfo) -> int:
    """How many quarter-hours have elapsed between the local midnight of the day and the instant."""
    return (instant - local_instant(day, 0, zone)) // QUARTER
