"""The dates of a season: which day of the cycle each one is, which are left aside."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from preau.availability.facts import school_holidays_of
from preau.availability.wording import hours_in_words
from preau.core import clock
from preau.core.formats import WEEKDAYS
from preau.places.models import Place
from preau.territories.calendars import is_public_holiday
from preau.timetables.models import Timetable

#: Sittings begin no sooner after publishing: time to tell people.
SOONEST = timedelta(days=1)


def cycle_day(timetable: Timetable, day: date) -> int:
    """0 is Monday; with a cycle of two weeks, 7 is the Monday of even weeks."""
    even = timetable.cycle == 2 and day.isocalendar().week % 2 == 0
    return day.weekday() + (7 if even else 0)


def dates(timetable: Timetable, place: Place) -> Iterator[date]:
    """The days of the season still to come on which sittings are held there, in order."""
    first = max(timetable.first_day, clock.today(place.zone) + SOONEST)
    holidays = []
    if not timetable.in_school_holidays:
        holidays = school_holidays_of(place, first, timetable.last_day)
    day = first
    while day <= timetable.last_day:
        is_off = not timetable.on_public_holidays and is_public_holiday(place.departement_code, day)
        if not is_off and not any(start <= day <= end for start, end, _ in holidays):
            yield day
        day += timedelta(days=1)


def day_words(timetable: Timetable, day: int) -> str:
    """« lundi », « lundi des semaines paires »."""
    if timetable.cycle == 1:
        return WEEKDAYS[day % 7]
    return f"{WEEKDAYS[day % 7]} (semaines {'paires' if day >= 7 else 'impaires'})"


#: The two halves of a day, for rules and rows.
HALVES = ("matin", "après-midi et soir")
NOON, EVENING = 13 * 60, 18 * 60


def half_day_words(timetable: Timetable, half_day: int) -> str:
    """« lundi matin », « lundi après-midi et soir (semaines paires) »."""
    return _part_words(timetable, half_day // 2, HALVES[half_day % 2])


def when_words(timetable: Timetable, day: int, start: int, end: int) -> str:
    """« le mardi matin, de 9 h à 12 h », as a directory says it."""
    part = "matin" if start < NOON else "après-midi" if start < EVENING else "soir"
    return f"le {_part_words(timetable, day, part)}, {hours_in_words(start, end)}"


def _part_words(timetable: Timetable, day: int, part: str) -> str:
    name = f"{WEEKDAYS[day % 7]} {part}"
    if timetable.cycle == 1:
        return name
    return f"{name} (semaines {'paires' if day >= 7 else 'impaires'})"
