"""Keeping that a search found nothing, without anything of whoever searched."""

from __future__ import annotations

from bisect import bisect_left
from datetime import date, timedelta

from django.db import connection, transaction
from django.db.models import Sum

from preau.availability.bits import set_bits
from preau.capacity.models import FailedSearch
from preau.capacity.models.wanted import MOST_A_DAY
from preau.core import clock
from preau.find.criteria import Criteria
from preau.territories.calendars import school_holidays

#: Numbers of people are kept by their upper bound, so that one number does not tell one group.
BRACKETS = (10, 20, 50, 100, 200, 500, 1000)
#: Of one département and day: beyond, a robot is at work and nothing more is learnt.
MOST_IN_A_DEPARTEMENT = 2000
KEPT = timedelta(days=400)

_WRITE = """
INSERT INTO capacity_failedsearch AS f (day, commune_id, departement_code, weekday, start_minute,
  end_minute, minutes, in_holidays, people, kind, equipment, times)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s::smallint[], 1)
ON CONFLICT (day, commune_id, weekday, start_minute, end_minute, minutes, in_holidays, people,
  kind, equipment) DO UPDATE SET times = f.times + 1 WHERE f.times < %s
"""


@transaction.atomic
def remember_failed_search(criteria: Criteria) -> bool:
    """Whether it was kept: a search without a time says nothing of hours."""
    hours = _hours(criteria)
    if hours is None:
        return False
    today, commune = clock.today(criteria.zone), criteria.commune
    here = FailedSearch.objects.filter(departement_code=commune.departement_id, day=today)
    if (here.aggregate(n=Sum("times"))["n"] or 0) >= MOST_IN_A_DEPARTEMENT:
        return False
    kinds = criteria.filters.kinds
    with connection.cursor() as cursor:
        cursor.execute(
            _WRITE,
            [
                *(today, commune.pk, commune.departement_id, *hours),
                bracket(criteria.filters.people),
                kinds[0] if len(kinds) == 1 else "",
                set_bits(criteria.filters.equipment),
                MOST_A_DAY,
            ],
        )
        return bool(cursor.rowcount)


def _hours(criteria: Criteria) -> tuple[int | None, int, int, int, bool | None] | None:
    """Weekday, from, to, length, in school holidays or not; None and None for any day."""
    if criteria.period is not None:
        local = criteria.period.start.astimezone(criteria.zone)
        start = local.hour * 60 + local.minute
        minutes = min(criteria.period.minutes, 2880 - start)
        day = local.date()
        return day.weekday(), start, start + minutes, minutes, _off(criteria, [day])
    wanted = criteria.evenings
    if wanted is None or wanted.end_minute <= wanted.start_minute:
        return None
    weekdays = {day.weekday() for day in wanted.days}
    weekday = weekdays.pop() if len(weekdays) == 1 else None
    off = _off(criteria, wanted.days)
    return weekday, wanted.start_minute, min(wanted.end_minute, 2880), wanted.minutes, off


def _off(criteria: Criteria, days: list[date] | tuple[date, ...]) -> bool | None:
    """None when some of the days are school holidays and others are not."""
    spans = school_holidays(criteria.commune.school_zone, min(days), max(days))
    found = {any(first <= day <= last for first, last, _ in spans) for day in days}
    return found.pop() if len(found) == 1 else None


def bracket(people: int) -> int:
    if people <= 1:
        return 0
    return BRACKETS[min(bisect_left(BRACKETS, people), len(BRACKETS) - 1)]


def forget_old_searches() -> int:
    """More than a year old: nothing reads them."""
    day = clock.today() - KEPT
    return FailedSearch.objects.filter(day__lt=day).delete()[0]
