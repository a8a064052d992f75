"""Each kind of search answered by trying everything, in the order a person would expect."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from bench.reads.truth import Room, Truth, rooms_by, rooms_near
from preau.availability.queries.search import Evenings, Filters, Where
from preau.booking.patterns import Pattern
from preau.core.timeranges import Period

Row = tuple[Any, ...]
QUARTER, DAY = timedelta(minutes=15), timedelta(days=1)


def candidates(where: Where, filters: Filters) -> list[tuple[float, Room]]:
    """Whatever the time: the rooms of that description, nearest first."""
    near = rooms_near(where.latitude, where.longitude, where.km)
    return [(km, room) for km, room in near if _suits(room, filters)]


def _suits(room: Room, filters: Filters) -> bool:
    wanted = {bit for bit in range(63) if filters.equipment >> bit & 1}
    return (
        room.capacity >= filters.people
        and room.lanes >= filters.quantity
        and wanted <= room.equipment
        and (room.accessible or not filters.accessible)
        and (not filters.kinds or room.kind in filters.kinds)
        and (not filters.place_kinds or room.place_kind in filters.place_kinds)
    )


def window(truth: Truth, where: Where, period: Period, filters: Filters) -> Iterator[Row]:
    """(space, km, start, end, stations), nearest first."""
    found = candidates(where, filters)
    for km, room in truth.in_reading(found, period.start, period.end):
        need = room.stations(filters.people, filters.quantity)
        if truth.may_be_booked(room, period.start, period.end, need):
            yield (room.pk, km, period.start, period.end, need)


def evenings(truth: Truth, where: Where, asked: Evenings, filters: Filters) -> Iterator[Row]:
    """The same, with the first start of the first day that has one."""
    days = sorted(asked.days)
    whole = _wall(days[0], 0, UTC) - DAY, _wall(days[-1], 0, UTC) + 2 * DAY
    for km, room in truth.in_reading(candidates(where, filters), *whole):
        need = room.stations(filters.people, filters.quantity)
        for start in _starts(room, asked, days):
            end = start + timedelta(minutes=asked.minutes)
            if truth.may_be_booked(room, start, end, need):
                yield (room.pk, km, start, end, need)
                break


def _starts(room: Room, asked: Evenings, days: Sequence[date]) -> Iterator[datetime]:
    for day in days:
        start, stop = (_wall(day, m, room.zone) for m in (asked.start_minute, asked.end_minute))
        while start + timedelta(minutes=asked.minutes) <= stop:
            yield start
            start += QUARTER


def series(truth: Truth, where: Where, filters: Filters, pattern: Pattern) -> list[Row]:
    """(space, km, dates free, dates wanted, stations): the most dates first, then the nearest."""
    found = candidates(where, filters)
    whole = _wall(pattern.first_day, 0, UTC), _wall(pattern.last_day, 0, UTC) + 2 * DAY
    rows = []
    for km, room in truth.in_reading(found, *whole):
        need = room.stations(filters.people, filters.quantity)
        periods = _rhythm(truth, room, pattern)
        free = sum(truth.may_be_booked(room, *period, need) for period in periods)
        if free:
            rows.append((room.pk, km, free, len(periods), need))
    return sorted(rows, key=lambda row: (-row[2], row[1], row[0]))


def _rhythm(truth: Truth, room: Room, pattern: Pattern) -> list[tuple[datetime, datetime]]:
    """Every week from the first day to the last, without the holidays there."""
    found, day = [], pattern.first_day
    while day <= pattern.last_day:
        if not truth.is_off(room, day):
            minutes = pattern.start_minute, pattern.start_minute + pattern.minutes
            found.append((_wall(day, minutes[0], room.zone), _wall(day, minutes[1], room.zone)))
        day += timedelta(weeks=1)
    return found


def slots(truth: Truth, space_id: int, first: date, days: int, minutes: int) -> list[Row]:
    """Every start of that length on those days of one space."""
    [room] = rooms_by("s.id", [space_id])
    start, stop = _wall(first, 0, room.zone), _wall(first + days * DAY, 0, room.zone)
    length = timedelta(minutes=minutes)
    truth.read([room], start, stop + length)
    found = []
    while start < stop:
        if truth.may_be_booked(room, start, start + length, 1):
            found.append((start, start + length))
        start += QUARTER
    return found


# --- When nothing is free

LOOKED_AT, EACH = 60, 4


def alternatives(truth: Truth, where: Where, period: Period, filters: Filters) -> list[Row]:
    """(reason, space, start, end, km, stations): another hour, another day, farther, smaller."""
    near = candidates(where, filters)[:LOOKED_AT]
    parts = _parts(near, filters)
    truth.read([room for _, room in (*near, *parts)], period.start - 9 * DAY, period.end + 9 * DAY)
    shifted: list[Row] = []
    other: list[Row] = []
    smaller: list[Row] = []
    for km, room in near:
        need = min(room.stations(filters.people, filters.quantity), room.lanes)
        for rows, moves in ((shifted, _hours(period)), (other, _days(period, room.zone))):
            free = (one for one in moves if truth.may_be_booked(room, one[1], one[2], need))
            for gap, start, end in islice(free, 1):
                rows.append((gap, km, start, room.pk, end, need))
    for km, room in parts:
        if truth.may_be_booked(room, period.start, period.end, 1):
            gap = abs(room.capacity - filters.people)
            smaller.append((gap, km, period.start, room.pk, period.end, 1))
    wider = replace(where, km=2 * where.km)
    far = islice(window(truth, wider, period, filters), EACH)
    farther = [(km, km, start, pk, end, need) for pk, km, start, end, need in far]
    groups = {"SHIFTED": shifted, "OTHER_DAY": other, "ELSEWHERE": farther, "PART": smaller}
    return [
        (reason, pk, start, end, km, need)
        for reason, rows in groups.items()
        for _, km, start, pk, end, need in sorted(rows)[:EACH]
    ]


def _parts(near: Sequence[tuple[float, Room]], filters: Filters) -> list[tuple[float, Room]]:
    """Parts of the halls found that are too small but otherwise suit."""
    halls: dict[int, float] = {}
    for km, room in near:
        halls.setdefault(room.root, km)
    small = replace(filters, people=1, kinds=(), place_kinds=(), quantity=1)
    rooms = rooms_by("s.root_id", halls)
    suit = [one for one in rooms if one.capacity < filters.people and _suits(one, small)]
    return [(halls[one.root], one) for one in suit]


def _hours(period: Period) -> Iterator[Row]:
    for quarters in range(1, 9):
        for way in (quarters, -quarters):
            yield (abs(way) * 15, period.start + way * QUARTER, period.end + way * QUARTER)


def _days(period: Period, zone: ZoneInfo) -> Iterator[Row]:
    wall = period.start.astimezone(zone)
    for distance in range(1, 8):
        for way in (distance, -distance):
            day = wall.date() + way * DAY
            start = _wall(day, wall.hour * 60 + wall.minute, zone)
            yield (distance, start, start + period.duration)


def _wall(day: date, minute: int, zone: Any) -> datetime:
    """The instant of a minute of the clock on the wall; 1440 is the next midnight."""
    day, minute = day + (minute // 1440) * DAY, minute % 1440
    return datetime.combine(day, time(minute // 60, minute % 60), zone).astimezone(UTC)
