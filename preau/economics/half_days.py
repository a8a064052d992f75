"""Half-days of a calendar: "2027-03-02:matin"; and of a usual week: "1:matin" (Tuesday)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from preau.core.formats import WEEKDAYS
from preau.economics.enums import Moment

#: From this minute of the day on.
STARTS = ((Moment.MORNING, 0), (Moment.AFTERNOON, 13 * 60), (Moment.EVENING, 18 * 60))
#: Every half-day of a week, for a form.
WEEK = [
    (f"{day}:{moment.value}", f"{name.capitalize()} {moment.label}")
    for day, name in enumerate(WEEKDAYS)
    for moment in Moment
]
_WORDS = dict(WEEK)


def touched(start: datetime, end: datetime, zone: ZoneInfo) -> set[str]:
    """The half-days that a use of a space needs somebody for."""
    first, last = start.astimezone(zone), end.astimezone(zone)
    found = set()
    day = first.date()
    while day <= last.date():
        for number, (moment, begins) in enumerate(STARTS):
            ends = STARTS[number + 1][1] if number + 1 < len(STARTS) else 24 * 60
            if first < _at(day, ends, zone) and last > _at(day, begins, zone):
                found.add(f"{day}:{moment.value}")
        day += timedelta(days=1)
    return found


def _at(day: date, minute: int, zone: ZoneInfo) -> datetime:
    if minute == 24 * 60:
        return datetime.combine(day + timedelta(days=1), time(), zone)
    return datetime.combine(day, time(minute // 60, minute % 60), zone)


def over(weekly: Iterable[str], first: date, last: date) -> list[str]:
    """Every half-day of a usual week, on each day of a period."""
    wanted = [one.split(":") for one in weekly]
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return sorted(
        f"{day}:{moment}"
        for day in days
        for number, moment in wanted
        if day.weekday() == int(number)
    )


def words(weekly: Iterable[str]) -> str:
    """« Mardi matin, jeudi soir »."""
    ordered = [one for one, _ in WEEK if one in set(weekly)]
    return ", ".join(_WORDS[one].lower() for one in ordered)
