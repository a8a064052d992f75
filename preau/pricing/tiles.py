"""The least that a period costs: priced tiles laid over its quarter-hours. No database here.

A tile is what one price pays for: an hour that begins at any quarter, a morning, an evening, a
day, a week-end, or the whole use. Tiles may overlap and overhang: paying for more time than is
used is allowed when it is cheaper. So the best combination is always found, and a longer period
never costs less than the one it begins with (docs/adr/0010).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from preau.core.timeranges import QUARTER, Period, local_days, local_instant
from preau.pricing.enums import RateUnit


@dataclass(frozen=True, slots=True)
class DayHours:
    """What the owner calls morning, afternoon and evening: minutes since local midnight."""

    morning: int = 480
    afternoon: int = 780
    evening: int = 1080
    night: int = 1560


@dataclass(frozen=True, slots=True)
class Priced:
    """A price that holds for a unit on a day, and the season it comes from."""

    cents: int
    season: str = ""


@dataclass(frozen=True, slots=True)
class Tile:
    """Quarter-hours [start, end) from the beginning of the period, and what they cost."""

    unit: RateUnit
    start: int
    end: int
    price: Priced


#: `(unit, local day on which the tile begins)` → its price, or None when there is none.
PriceOn = Callable[[RateUnit, date], Priced | None]

_FRIDAY = 4
_HOUR = 4


def cover(period: Period, zone: ZoneInfo, hours: DayHours, price_on: PriceOn) -> list[Tile] | None:
    """The cheapest tiles over the whole period, the fewest among equals; None if none will do."""
    size = -(-int(period.duration.total_seconds()) // int(QUARTER.total_seconds()))
    over: list[list[Tile]] = [[] for _ in range(size)]
    for tile in _tiles(period, size, zone, hours, price_on):
        for quarter in range(max(tile.start, 0), min(tile.end, size)):
            over[quarter].append(tile)
    return _cheapest(over)


def _cheapest(over: Sequence[Sequence[Tile]]) -> list[Tile] | None:
    """From the last quarter to the first: what is left to pay once everything before is covered."""
    size = len(over)
    rest: list[tuple[int, int] | None] = [None] * size + [(0, 0)]
    chosen: list[Tile | None] = [None] * size
    for quarter in range(size - 1, -1, -1):
        for tile in over[quarter]:
            after = rest[min(tile.end, size)]
            if after is None:
                continue
            cost = (after[0] + tile.price.cents, after[1] + 1)
            best = rest[quarter]
            if best is None or cost < best:
                rest[quarter], chosen[quarter] = cost, tile
    laid: list[Tile] = []
    quarter = 0
    while quarter < size:
        tile_here = chosen[quarter]
        if tile_here is None:
            return None
        laid.append(tile_here)
        quarter = tile_here.end
    return laid


def _tiles(
    period: Period, size: int, zone: ZoneInfo, hours: DayHours, price_on: PriceOn
) -> Iterator[Tile]:
    """Every tile that touches the period, the longest units first."""
    days = local_days(period, zone)
    flat = price_on(RateUnit.FLAT, days[0])
    if flat:
        yield Tile(RateUnit.FLAT, 0, size, flat)
    for day in [days[0] - timedelta(days=n) for n in (3, 2, 1)] + days:
        for unit, first, last in _windows(day, hours):
            price = price_on(unit, day)
            if price is None:
                continue
            start, end = (_quarter(local_instant(day, m, zone), period) for m in (first, last))
            if start < size and end > 0:
                yield Tile(unit, start, end, price)
    for day in days:
        price = price_on(RateUnit.HOUR, day)
        if price is None:
            continue
        start, end = (_quarter(local_instant(day, m, zone), period) for m in (0, 1440))
        for quarter in range(max(start, 0), min(end, size)):
            yield Tile(RateUnit.HOUR, quarter, quarter + _HOUR, price)


def _windows(day: date, hours: DayHours) -> Iterator[tuple[RateUnit, int, int]]:
    """The fixed tiles that begin on a local day, in minutes of that day."""
    if day.weekday() == _FRIDAY:
        yield RateUnit.WEEKEND, hours.evening, 3 * 1440
    yield RateUnit.DAY, 0, max(1440, hours.night)
    yield RateUnit.EVENING, hours.evening, hours.night
    yield RateUnit.HALF_DAY, hours.morning, hours.afternoon
    yield RateUnit.HALF_DAY, hours.afternoon, hours.evening


def _quarter(instant: datetime, period: Period) -> int:
    return (instant - period.start) // QUARTER


def days_used(period: Period, zone: ZoneInfo, hours: DayHours) -> int:
    """How many days are counted: a night out that ends before the evening does is one."""
    count = 0
    reached = period.start
    for day in local_days(period, zone):
        if reached >= period.end:
            break
        count += 1
        reached = local_instant(day, max(1440, hours.night), zone)
    return count
