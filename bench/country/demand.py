"""Who wants which hall when: two years of bookings, without two at once in one unit.

Each hall has a timetable of slots, half an hour apart, in which every booking falls: two bookings
of one slot, day and unit are the only ones that could meet, and sorting finds them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from bench.country.land import Land

DAYS_BEFORE, DAYS_AFTER = 365, 365
SPREAD = 1.2
#: No more than this a year in one space, however popular: evenings run out.
MOST = 1_400
IN_SERIES = 0.635
#: Cancelled, refused or expired: a series as a whole, or a single booking. Together 15 %.
SERIES_ENDED, SINGLE_ENDED = 0.07, 0.25
#: Lost to a slot already taken.
OVERDRAW = 1.195
_LANES, _SLOTS = 32, 8
QUARTERS_A_DAY = 96

#: (start, length in quarters of an hour, weight on a working day, on Saturday or Sunday).
_TIMETABLES = [
    [
        *((32, 8, 6, 10), (42, 6, 6, 12), (56, 6, 8, 14)),
        *((64, 6, 12, 12), (72, 8, 40, 18), (82, 8, 28, 14)),
    ],
    [(36, 12, 10, 18), (56, 14, 14, 24), (74, 8, 40, 20), (84, 8, 30, 18)],
    [(36, 16, 10, 22), (56, 16, 14, 28), (76, 28, 26, 40)],
    [
        *((33, 6, 6, 10), (41, 6, 6, 12), (54, 6, 7, 14), (62, 6, 12, 14)),
        *((70, 5, 26, 14), (77, 5, 28, 12), (84, 6, 22, 8)),
    ],
]
#: Which timetable each kind of space keeps (`land.KIND_WORDS`).
_OF_KIND = np.array([0, 1, 2, 3, 1, 2, 1, 1, 1, 2, 0])
_WEEKDAYS = np.array([0.9, 1.1, 1.1, 1.15, 1.2, 1.5, 1.0])


@dataclass
class Demand:
    """One row a date booked, in the order of halls and time."""

    space: Any
    day: Any  # of the local calendar, since 1970
    start: Any  # quarter-hours since 1970, UTC
    end: Any
    wall: Any  # quarter of the local day at which it starts
    lane: Any  # which unit of a pool
    group: Any  # the booking it belongs to, numbered in the order of first dates
    is_series: Any
    stands: Any
    first: Any  # of each group: its first row
    last: Any
    today: date

    @property
    def rows(self) -> int:
        return len(self.space)

    @property
    def groups(self) -> int:
        return len(self.first)


def draw(
    land: Land, calendar_open: Any, today: date, bookings: int, past: int, seed: int
) -> Demand:
    """`calendar_open[space, weekday, quarter]`: whether it is usually open."""
    rng = np.random.default_rng([seed, 3])
    days = DAYS_BEFORE * past + DAYS_AFTER
    mean = bookings * (past + 1) / 2 * OVERDRAW
    popularity = rng.lognormal(0, SPREAD, land.spaces)
    popularity *= mean / popularity.mean()
    for _ in range(3):  # what the most popular cannot take goes to the others
        popularity = np.minimum(popularity, MOST * days / 365)
        popularity *= mean / popularity.mean()
    popularity = np.minimum(popularity, MOST * days / 365)
    table = _OF_KIND[land.space_kind]
    wanted = _wants(rng, land, popularity, table, calendar_open, days)
    wanted = _without_clashes(land, wanted, days)
    return _ordered(rng, land, wanted, table, today, days)


@dataclass
class _Wants:
    space: Any
    day: Any
    slot: Any
    lane: Any
    group: Any
    is_series: Any
    stands: Any

    def keep(self, rows: Any) -> _Wants:
        return _Wants(*(getattr(self, name)[rows] for name in self.__dataclass_fields__))


def _wants(rng: Any, land: Land, popularity: Any, table: Any, is_open: Any, days: int) -> _Wants:
    """Series first: they are asked for long ahead, and singles take what is left."""
    length = rng.integers(8, 40, size=int((popularity * IN_SERIES / 23).sum()))
    share = popularity / popularity.sum()
    of_series = _spaces(rng, share, len(length))
    weekday, slot = _weekday_and_slot(rng, of_series, table, is_open)
    week = rng.integers(-10, days // 7, len(length))
    series = np.repeat(np.arange(len(length)), length)
    offset = np.arange(len(series)) - np.repeat(np.cumsum(length) - length, length)
    day = (week[series] + offset) * 7 + weekday[series]
    inside = (day >= 0) & (day < days)
    series, day = series[inside], day[inside]
    singles = int(popularity.sum() * (1 - IN_SERIES))
    space = _spaces(rng, share, singles)
    single_weekday, single_slot = _weekday_and_slot(rng, space, table, is_open)
    single_day = rng.integers(0, days // 7, singles) * 7 + single_weekday
    lanes_series = rng.integers(0, 1 << 20, len(length)) % land.lanes[of_series]
    ended = rng.random(len(length)) < SERIES_ENDED
    return _Wants(
        space=np.concatenate([of_series[series], space]).astype(np.int32),
        day=np.concatenate([day, single_day]).astype(np.int32),
        slot=np.concatenate([slot[series], single_slot]).astype(np.int8),
        lane=np.concatenate(
            [lanes_series[series], rng.integers(0, 1 << 20, singles) % land.lanes[space]]
        ).astype(np.int8),
        group=np.concatenate([series, len(length) + np.arange(singles)]).astype(np.int32),
        is_series=np.concatenate([np.ones(len(series), bool), np.zeros(singles, bool)]),
        stands=np.concatenate([~ended[series], rng.random(singles) >= SINGLE_ENDED]),
    )


def _spaces(rng: Any, share: Any, n: int) -> Any:
    return np.searchsorted(np.cumsum(share), rng.random(n) * share.sum()).clip(0, len(share) - 1)


def _weekday_and_slot(rng: Any, space: Any, table: Any, is_open: Any) -> tuple[Any, Any]:
    """When in the week: evenings and weekends are heavy; closed hours have no weight."""
    chances = _chances(table, is_open)
    cumulated = np.cumsum(chances.reshape(len(chances), -1), axis=1)
    at = rng.random(len(space)) * cumulated[space, -1]
    found = np.zeros(len(space), dtype=np.int64)
    for stride in (32, 16, 8, 4, 2, 1):  # a binary search in each row
        ahead = np.minimum(found + stride, cumulated.shape[1] - 1)
        found = np.where(at >= cumulated[space, ahead - 1], ahead, found)
    return found // _SLOTS, found % _SLOTS


def _chances(table: Any, is_open: Any) -> Any:
    """Weight of each (weekday, slot) of each space."""
    found = np.full((len(table), 7, _SLOTS), 0.0, dtype=np.float32)
    for number, slots in enumerate(_TIMETABLES):
        rows = np.flatnonzero(table == number)
        for slot, (start, length, work, weekend) in enumerate(slots):
            weights = _WEEKDAYS * np.where(np.arange(7) < 5, work, weekend)
            last = min(start + length, QUARTERS_A_DAY) - 1
            opened = is_open[rows][:, :, start] & is_open[rows][:, :, last]
            found[rows, :, slot] = weights * np.where(opened, 1.0, 0.002)
    return found


def _without_clashes(land: Land, wanted: _Wants, days: int) -> _Wants:
    """One booking that stands for each slot, day and unit; a whole hall excludes its parts."""
    slot_of_hall, unit = _slots_and_units(land, wanted, days)
    kept = ~wanted.stands
    standing = np.flatnonzero(wanted.stands)
    _, firsts = np.unique(unit[standing], return_index=True)
    rows = standing[firsts]
    in_hall = land.is_hall[wanted.space[rows]]
    whole = in_hall & (land.part[wanted.space[rows]] == 0)
    taken = np.unique(slot_of_hall[rows[whole]])
    parts = np.flatnonzero(in_hall & ~whole)
    clash = np.zeros(len(rows), dtype=bool)
    clash[parts] = np.isin(slot_of_hall[rows[parts]], taken)
    kept[rows[~clash]] = True
    return wanted.keep(np.flatnonzero(kept))


def _slots_and_units(land: Land, wanted: _Wants, days: int) -> tuple[Any, Any]:
    """A number for each (hall, day, slot), and for each unit within it, in that order."""
    hall = land.space_root[wanted.space].astype(np.int64)
    slot = (hall * days + wanted.day) * _SLOTS + wanted.slot
    return slot, slot * _LANES + np.maximum(land.part[wanted.space], wanted.lane)


def _ordered(rng: Any, land: Land, wanted: _Wants, table: Any, today: date, days: int) -> Demand:
    """In the order of halls and time, with instants and bookings numbered."""
    _, unit = _slots_and_units(land, wanted, days)
    wanted = wanted.keep(np.argsort(unit, kind="stable"))
    starts = np.zeros((len(_TIMETABLES), _SLOTS), dtype=np.int32)
    lengths = np.zeros_like(starts)
    for number, slots in enumerate(_TIMETABLES):
        for slot, (start, length, _, _) in enumerate(slots):
            starts[number, slot], lengths[number, slot] = start, length
    kind = table[wanted.space]
    late = rng.random(wanted.group.max() + 1) < 0.3
    short = rng.random(len(late)) < 0.3
    first_day = (today - date(1970, 1, 1)).days - (days - DAYS_AFTER)
    first_day -= (first_day + 3) % 7  # a Monday, so that weekdays are what they are
    midnight = _midnights(land, first_day, days + 2)
    zone = _zone_numbers(land)[land.space_place[wanted.space]]
    begin = starts[kind, wanted.slot] + late[wanted.group]
    end = starts[kind, wanted.slot] + lengths[kind, wanted.slot] - short[wanted.group]
    noon = midnight[zone, wanted.day]  # the offset of the day once any change-over is past
    numbers, first, last = _groups(wanted.group)
    return Demand(
        space=wanted.space,
        day=(first_day + wanted.day).astype(np.int32),
        start=(noon + begin).astype(np.int32),
        end=(noon + end).astype(np.int32),
        wall=begin.astype(np.int16),
        lane=wanted.lane,
        group=numbers,
        is_series=wanted.is_series,
        stands=wanted.stands,
        first=first,
        last=last,
        today=today,
    )


def _groups(group: Any) -> tuple[Any, Any, Any]:
    """Bookings numbered by their first date: (number of each row, first row, last row)."""
    rows = np.arange(len(group))
    size = int(group.max()) + 1
    first = np.full(size, -1, dtype=np.int64)
    first[group[::-1]] = rows[::-1]
    last = np.full(size, -1, dtype=np.int64)
    last[group] = rows
    used = np.flatnonzero(first >= 0)
    used = used[np.argsort(first[used], kind="stable")]
    number = np.empty(size, dtype=np.int32)
    number[used] = np.arange(len(used))
    return number[group], first[used], last[used]


# --- Local time


def zones_of(land: Land) -> list[str]:
    return sorted(set(land.communes.time_zones))


def _zone_numbers(land: Land) -> Any:
    """Number of the time zone of each place."""
    zones = {zone: number for number, zone in enumerate(zones_of(land))}
    return np.array([zones[zone] for zone in land.communes.time_zones])[land.place_commune]


def _midnights(land: Land, first_day: int, days: int) -> Any:
    """(zone, day) → the quarter from which quarters count to give the wall's from 4 h on."""
    return np.array(
        [
            [
                _quarter(date(1970, 1, 1) + timedelta(days=first_day + n), 8, zone) - 32
                for n in range(days)
            ]
            for zone in map(ZoneInfo, zones_of(land))
        ],
        dtype=np.int32,
    )


def true_midnights(land: Land, first_day: int, days: int) -> Any:
    """(zone, day) → the quarter at which the local day begins."""
    return np.array(
        [
            [
                _quarter(date(1970, 1, 1) + timedelta(days=first_day + n), 0, zone)
                for n in range(days)
            ]
            for zone in map(ZoneInfo, zones_of(land))
        ],
        dtype=np.int32,
    )


def place_zones(land: Land) -> Any:
    return _zone_numbers(land)


def _quarter(day: date, hour: int, zone: ZoneInfo) -> int:
    return int(datetime(day.year, day.month, day.day, hour, tzinfo=zone).timestamp()) // 900
