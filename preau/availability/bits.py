"""A local day as a row of quarter-hours.

In Python a day is an `int` whose bit p is the p-th quarter-hour elapsed since local midnight; in
PostgreSQL it is a `bit(100)` whose p-th character from the left is the same bit. Elapsed time, not
wall time, so that the two change-over days have 92 and 100 quarters and nothing is ambiguous.
"""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from preau.availability.models import DAY_BITS
from preau.core.timeranges import (
    QUARTER,
    Period,
    day_period,
    local_days,
    local_instant,
    quarter_index,
)

ZERO = "0" * DAY_BITS


def span(first: int, end: int) -> int:
    """Bits first (included) to end (excluded)."""
    return ((1 << max(end - first, 0)) - 1) << first


EVEN_DAY = span(0, 96)


def to_text(bits: int) -> str:
    return format(bits, f"0{DAY_BITS}b")[::-1]


def from_text(text: str) -> int:
    return int(text[::-1], 2)


def day_length(day: date, zone: ZoneInfo) -> int:
    """Quarters in that local day: 96, or 92 or 100."""
    return day_period(day, zone).duration // QUARTER


def masks(period: Period, zone: ZoneInfo) -> dict[date, int]:
    """The quarters of each local day that the period touches, rounded outward."""
    found = {}
    for day in local_days(period, zone):
        whole = day_period(day, zone)
        first = quarter_index(max(period.start, whole.start), day, zone)
        end = -((whole.start - min(period.end, whole.end)) // QUARTER)
        found[day] = span(first, end)
    return found


def runs(bits: int, quarters: int) -> int:
    """Bits at which a run of that many set bits begins."""
    done = 1
    while done < quarters and bits:
        shift = min(done, quarters - done)
        bits &= bits >> shift
        done += shift
    return bits


def wall_minute(day: date, quarter: int, zone: ZoneInfo) -> int:
    """What a clock on the wall shows at the start of that quarter, in minutes since 00:00."""
    wall = (local_instant(day, 0, zone) + quarter * QUARTER).astimezone(zone)
    return wall.hour * 60 + wall.minute


def from_wall(wall_quarters: int, day: date, zone: ZoneInfo) -> int:
    """Elapsed quarters whose wall-clock quarter (0 to 95) is set: an hour that happens twice counts
    twice, an hour that does not exist not at all."""
    if _clock_is_even(day, zone):
        return wall_quarters & EVEN_DAY
    return _at_uneven_clock(wall_quarters, day, zone)


@lru_cache(maxsize=4096)
def _at_uneven_clock(wall_quarters: int, day: date, zone: ZoneInfo) -> int:
    return sum(
        1 << quarter
        for quarter in range(day_length(day, zone))
        if wall_quarters >> (wall_minute(day, quarter, zone) // 15) & 1
    )


@lru_cache(maxsize=20_000)  # a few zones, days up to the horizon
def _clock_is_even(day: date, zone: ZoneInfo) -> bool:
    """Whether the wall clock shows each of the 96 quarters once, in order."""
    return (
        day_length(day, zone) == 96
        and wall_minute(day, 95, zone) == 1425
        and wall_minute(day, 12, zone) == 180
    )


def step_starts(day: date, step: int, zone: ZoneInfo) -> int:
    """Quarters at which a start is allowed: wall-clock minute of the day a multiple of the step."""
    return from_wall(sum(1 << (minute // 15) for minute in range(0, 1440, step)), day, zone)


def instant(day: date, quarter: int, zone: ZoneInfo) -> datetime:
    return local_instant(day, 0, zone) + quarter * QUARTER


def set_bits(bits: int) -> list[int]:
    """The positions of the set bits, in order."""
    found = []
    while bits:
        low = bits & -bits
        found.append(low.bit_length() - 1)
        bits ^= low
    return found


def stretches(bits: int) -> list[tuple[int, int]]:
    """Runs of set bits as (first, end) pairs, end excluded, in order."""
    found = []
    position = 0
    while bits:
        skip = (bits & -bits).bit_length() - 1
        bits >>= skip
        position += skip
        length = (~bits & (bits + 1)).bit_length() - 1
        found.append((position, position + length))
        bits >>= length
        position += length
    return found
