"""Opening calendars: a few families of rules, each place with its own hours and exceptions.

The days are computed a calendar at a time on arrays, and come out as the product writes them
(`preau.availability.opening_index.rebuild_opening`): a test compares the two.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from bench.country.land import Land
from preau.availability.bits import day_length, wall_minute
from preau.availability.enums import Effect, When
from preau.availability.opening_index import HORIZON
from preau.core import clock
from preau.territories.calendars import SUBDIVISIONS, is_public_holiday
from preau.territories.models import SchoolHoliday

#: A place of so many spaces may have a second calendar.
SEVERAL_FROM = 8
_ALL, _WORK, _WEEKEND = (0, 1, 2, 3, 4, 5, 6), (0, 1, 2, 3, 4), (5, 6)


@dataclass
class Rule:
    weekdays: tuple[int, ...]
    start: int
    end: int
    when: str = When.ALWAYS
    effect: str = Effect.OPEN
    no_holidays: bool = False
    valid_from: date | None = None
    valid_until: date | None = None


@dataclass
class Exceptional:
    effect: str
    first: date
    last: date
    start: int = 0
    end: int = 1440
    reason: str = "Travaux"


@dataclass
class Calendar:
    place: int
    rules: list[Rule]
    exceptions: list[Exceptional] = field(default_factory=list)


@dataclass
class Hours:
    calendars: list[Calendar]
    space_calendar: Any  # of each space


def draw(land: Land, today: date, seed: int) -> Hours:
    rng = np.random.default_rng([seed, 2])
    spaces_at = np.bincount(land.space_place, minlength=land.places)
    several = (spaces_at >= SEVERAL_FROM) & (rng.random(land.places) < 0.25)
    several[:2] = False
    count = np.where(several, 2, 1)
    first_of = np.cumsum(count) - count
    of_place = np.repeat(np.arange(land.places), count)
    calendars = [_calendar(rng, place, today) for place in of_place.tolist()]
    # A hall and its parts keep the same hours.
    turn = first_of[land.space_place] + land.space_root % count[land.space_place]
    return Hours(calendars, turn)


def _calendar(rng: Any, place: int, today: date) -> Calendar:
    family = int(rng.choice(len(_FAMILIES), p=_SHARES))
    start = int(rng.choice([420, 450, 480, 510, 540]))
    end = int(rng.choice([1260, 1290, 1320, 1350, 1380, 1410, 1440]))
    calendar = Calendar(place, _FAMILIES[family](start, end, bool(rng.random() < 0.4)))
    if rng.random() < 0.15:
        calendar.rules.append(_summer_break(today, int(rng.integers(7, 9))))
    for _ in range(int(rng.choice([0, 1, 2], p=[0.75, 0.2, 0.05]))):
        first = today + timedelta(days=int(rng.integers(-60, 300)))
        last = first + timedelta(days=int(rng.integers(0, 6)))
        if rng.random() < 0.75:
            calendar.exceptions.append(Exceptional(Effect.CLOSED, first, last))
        else:
            calendar.exceptions.append(
                Exceptional(Effect.OPEN, first, last, 600, 1380, "Fête du village")
            )
    return calendar


def _always(start: int, end: int, quiet: bool) -> list[Rule]:
    return [Rule(_ALL, start, end, no_holidays=quiet)]


def _party(start: int, end: int, quiet: bool) -> list[Rule]:
    return [
        Rule((0, 1, 2, 3, 6), start, end),
        Rule((4, 5), start, 1560),
        *([Rule((0,), 0, 1440, effect=Effect.CLOSED)] if quiet else []),
    ]


def _school(start: int, end: int, quiet: bool) -> list[Rule]:
    return [
        Rule(_WORK, 1050, end, When.TERM, no_holidays=quiet),
        Rule((5,), start, end, When.TERM),
        Rule(_ALL, start, end, When.SCHOOL_HOLIDAYS, no_holidays=quiet),
    ]


def _gym(start: int, end: int, quiet: bool) -> list[Rule]:
    return [
        Rule(_WORK, 1020, end, When.TERM),
        Rule((2,), 780, end, When.TERM),
        Rule(_WEEKEND, start, end, When.TERM),
        Rule(_ALL, start + 60, end - 60, When.SCHOOL_HOLIDAYS, no_holidays=quiet),
    ]


def _office(start: int, end: int, quiet: bool) -> list[Rule]:
    return [
        Rule(_WORK, start, end, no_holidays=True),
        Rule(_WORK, 720, 780, effect=Effect.CLOSED) if quiet else Rule((5,), start, 1080),
    ]


_FAMILIES = [_always, _party, _school, _gym, _office]
_SHARES = [0.32, 0.22, 0.16, 0.18, 0.12]


def _summer_break(today: date, month: int) -> Rule:
    year = today.year + (today.month > month)
    first, last = date(year, month, 1), date(year, month, 31 if month == 7 else 25)
    return Rule(_ALL, 0, 1440, effect=Effect.CLOSED, valid_from=first, valid_until=last)


# --- The days


@dataclass
class Sky:
    """What the rules are asked about, day by day, where a place stands."""

    first: date
    weekday: Any
    is_school_holiday: Any
    is_public_holiday: Any
    #: Change-over days: (row, wall quarter of each elapsed quarter).
    odd: list[tuple[int, Any]]

    @property
    def first_written(self) -> date:
        return self.first + timedelta(days=1)


def built_until(zone: str) -> date:
    return clock.today(ZoneInfo(zone)) + HORIZON


class Skies:
    """One for each (time zone, school zone, calendar of public holidays)."""

    def __init__(self) -> None:
        self._breaks: dict[str, list[tuple[date, date]]] = {}
        for zone, first, last in SchoolHoliday.objects.values_list("zone", "first_day", "last_day"):
            self._breaks.setdefault(zone, []).append((first, last))
        self._known: dict[tuple[str, str, str], Sky] = {}

    def over(self, time_zone: str, school_zone: str, departement: str) -> Sky:
        key = (time_zone, school_zone, SUBDIVISIONS.get(departement, ""))
        if key not in self._known:
            self._known[key] = self._make(time_zone, school_zone, departement)
        return self._known[key]

    def _make(self, time_zone: str, school_zone: str, departement: str) -> Sky:
        """From two days ago: yesterday is the first day written, and may carry its evening."""
        first = clock.today(ZoneInfo(time_zone)) - timedelta(days=2)
        days = [first + timedelta(days=n) for n in range(HORIZON.days + 3)]
        is_school_holiday = np.zeros(len(days), dtype=bool)
        for start, end in self._breaks.get(school_zone, []):
            begin, after = (start - first).days, (end - first).days + 1
            is_school_holiday[max(begin, 0) : max(after, 0)] = True
        return Sky(
            first=first,
            weekday=np.array([day.weekday() for day in days]),
            is_school_holiday=is_school_holiday,
            is_public_holiday=np.array([is_public_holiday(departement, day) for day in days]),
            odd=_odd_days(days, ZoneInfo(time_zone)),
        )


def _odd_days(days: list[date], zone: ZoneInfo) -> list[tuple[int, list[int]]]:
    """The change-over days, each with the wall quarter of its elapsed quarters."""
    offsets = [datetime(day.year, day.month, day.day, tzinfo=zone).utcoffset() for day in days]
    return [
        (row, [wall_minute(day, one, zone) // 15 for one in range(day_length(day, zone))])
        for row, day in enumerate(days[:-1])
        if offsets[row] != offsets[row + 1]
    ]


def bits(calendar: Calendar, sky: Sky) -> Any:
    """(day, 100) open quarters, from the second day of the sky on."""
    days = len(sky.weekday)
    wall = np.zeros((days, 96), dtype=bool)
    for rule in calendar.rules:
        said = _said(rule, sky)
        is_open = rule.effect == Effect.OPEN
        if rule.end > 1440:
            wall[1:][said[:-1], : -(-(rule.end - 1440) // 15)] = is_open
        wall[said, rule.start // 15 : -(-min(rule.end, 1440) // 15)] = is_open
    for special in calendar.exceptions:
        start = max((special.first - sky.first).days, 0)
        end = max((special.last - sky.first).days + 1, 0)
        wall[start:end, special.start // 15 : -(-special.end // 15)] = special.effect == Effect.OPEN
    found = np.zeros((days, 100), dtype=bool)
    found[:, :96] = wall
    for row, quarters in sky.odd:
        found[row] = False
        found[row, : len(quarters)] = wall[row, quarters]
    return found[1:]


def _said(rule: Rule, sky: Sky) -> Any:
    said = np.isin(sky.weekday, rule.weekdays)
    if rule.valid_from and rule.valid_until:
        number = np.arange(len(said))
        said &= number >= (rule.valid_from - sky.first).days
        said &= number <= (rule.valid_until - sky.first).days
    if rule.no_holidays:
        said &= ~sky.is_public_holiday
    if rule.when != When.ALWAYS:
        said &= sky.is_school_holiday == (rule.when == When.SCHOOL_HOLIDAYS)
    return said


#: A day without an open quarter.
_CLOSED = bytes(13)


def years(open_bits: Any, first: date) -> Iterator[tuple[int, list[str], list[int]]]:
    """(year, patterns, number of each day's pattern) as `opening_index.encode` makes them."""
    octets = np.packbits(open_bits, axis=1).tobytes()
    each = [octets[start : start + 13] for start in range(0, len(octets), 13)]
    last = first + timedelta(days=len(each) - 1)
    for year in range(first.year, last.year + 1):
        new_year, new_years_eve = date(year, 1, 1), date(year, 12, 31)
        begin, end = max(new_year, first), min(new_years_eve, last)
        numbers = {_CLOSED: 0}
        days = [0] * ((new_years_eve - new_year).days + 1)
        offset = (begin - new_year).days
        for n, octets_of_day in enumerate(each[(begin - first).days : (end - first).days + 1]):
            days[offset + n] = numbers.setdefault(octets_of_day, len(numbers))
        del numbers[_CLOSED]
        yield year, [f"{int.from_bytes(one) >> 4:0100b}" for one in numbers], days
