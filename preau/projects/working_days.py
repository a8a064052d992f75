"""Delays in working days, where the services work: not on week-ends nor on public holidays."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from preau.core import clock
from preau.territories.calendars import is_public_holiday
from preau.territories.models import Departement

#: A delay ends when offices do, on its last day; reminders wait on the desk in the morning.
END_OF_DAY = time(18)
MORNING = time(9)
DAY = timedelta(days=1)


def is_worked(departement_code: str, day: date) -> bool:
    return day.weekday() < 5 and not is_public_holiday(departement_code, day)


def later(departement_code: str, day: date, count: int) -> date:
    """The `count`-th working day after a day; the day itself never counts."""
    return _walk(departement_code, day, count, DAY)


def earlier(departement_code: str, day: date, count: int) -> date:
    """The `count`-th working day before a day; 0 is the day itself."""
    return _walk(departement_code, day, count, -DAY)


def _walk(departement_code: str, day: date, count: int, step: timedelta) -> date:
    while count > 0:
        day += step
        count -= is_worked(departement_code, day)
    return day


def at(day: date, wall: time, zone: ZoneInfo) -> datetime:
    """That wall time there, whatever the clocks do that day."""
    return datetime.combine(day, wall, tzinfo=zone)


def deadline(departement: Departement, count: int) -> datetime:
    """When a delay of so many working days that starts now ends."""
    zone = ZoneInfo(departement.time_zone)
    return at(later(departement.code, clock.today(zone), count), END_OF_DAY, zone)


def reminders(departement: Departement, until: datetime, count: int) -> list[datetime]:
    """The mornings when a delay of `count` working days is spoken of again: half way, and the
    day before; a delay of one day, on its morning."""
    zone = ZoneInfo(departement.time_zone)
    last = until.astimezone(zone).date()
    back = {min(count // 2, count - 1), min(1, count - 1)}
    days = {earlier(departement.code, last, one) for one in back}
    return [at(one, MORNING, zone) for one in sorted(days)]
