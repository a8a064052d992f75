"""The open quarter-hours of every day, written from the rules and read back.

One row a calendar and year: few different days make a year, so each is kept once (`patterns`) and
the days of the year only number theirs. Rows are recomputed from the rules, never patched.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from django.db import connection, transaction

from preau.availability.bits import from_text, to_text
from preau.availability.facts import facts_key, opening_of
from preau.availability.models import OpeningCalendar, OpeningYear
from preau.core import clock

#: How far ahead opening days are written; no space may be booked beyond.
HORIZON = timedelta(days=800)
DAY = timedelta(days=1)


@transaction.atomic
def rebuild_opening(calendar: OpeningCalendar, first: date | None = None) -> None:
    """Write the open quarters of every day from `first` (default: yesterday) to the horizon.

    From an earlier day where some are missing, or were written before the place moved.
    """
    written = OpeningCalendar.objects.select_for_update(no_key=True).get(pk=calendar.pk)
    today = clock.today(calendar.place.zone)
    facts, start, last = facts_key(calendar.place), today - DAY, today + HORIZON
    if first and written.built_until and written.facts == facts:
        start = max(start, min(first, written.built_until + DAY))
    opening = opening_of(calendar, start, last)
    write_days(calendar.pk, {day: opening.bits(day) for day in days_between(start, last)})
    if (written.built_until, written.facts) != (last, facts):
        OpeningCalendar.objects.filter(pk=calendar.pk).update(built_until=last, facts=facts)


def write_days(calendar_id: int, fresh: Mapping[date, int]) -> None:
    """Put these days in place of what was written of them; the other days stay."""
    write_many({calendar_id: fresh})


def write_many(fresh: Mapping[int, Mapping[date, int]]) -> int:
    """The same for many calendars, in two statements; how many rows were not right already."""
    years: dict[tuple[int, int], dict[date, int]] = defaultdict(dict)
    for calendar_id, days in fresh.items():
        for day, bits in days.items():
            years[calendar_id, day.year][day] = bits
    before = {
        (row.calendar_id, row.year): row
        for row in OpeningYear.objects.filter(
            calendar__in=fresh.keys(), year__in={year for _, year in years}
        )
    }
    rows = []
    for key, days in sorted(years.items()):
        old = before.get(key)
        row = encode(*key, (decode(old) if old else {}) | days)
        if old is None or (row.patterns, row.days) != (old.patterns, old.days):
            rows.append(row)
    _write(rows)
    return len(rows)


def _write(rows: Sequence[OpeningYear]) -> None:
    """In plain SQL: the fields would look at the hundreds of numbers of a year one by one."""
    if not rows:
        return
    columns = zip(
        *((row.calendar_id, row.year, _literal(row.patterns), _literal(row.days)) for row in rows),
        strict=True,
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO availability_openingyear (calendar_id, year, patterns, days)"
            " SELECT calendar_id, year, patterns::bit(100)[], days::smallint[]"
            " FROM unnest(%s::bigint[], %s::int[], %s::text[], %s::text[])"
            " AS fresh(calendar_id, year, patterns, days)"
            " ON CONFLICT (calendar_id, year) DO UPDATE"
            " SET patterns = excluded.patterns, days = excluded.days",
            [list(column) for column in columns],
        )


def _literal(items: Iterable[object]) -> str:
    return f"{{{','.join(map(str, items))}}}"


def encode(calendar_id: int, year: int, days: Mapping[date, int]) -> OpeningYear:
    """A year of days; those not given, like those without an open quarter, are closed (0)."""
    numbers = {0: 0}
    first, last = date(year, 1, 1), date(year, 12, 31)
    numbered = [
        numbers.setdefault(days.get(day, 0), len(numbers)) for day in days_between(first, last)
    ]
    patterns = [to_text(bits) for bits in numbers if bits]
    return OpeningYear(calendar_id=calendar_id, year=year, patterns=patterns, days=numbered)


def decode(row: OpeningYear, first: date = date.min, last: date = date.max) -> dict[date, int]:
    """Day → open quarters, closed days left out, within these days."""
    new_year = date(row.year, 1, 1)
    start = max((first - new_year).days, 0)
    numbers = row.days[start : max((last - new_year).days + 1, 0)]
    patterns = [from_text(text) for text in row.patterns]
    return {
        new_year + n * DAY: patterns[number - 1]
        for n, number in enumerate(numbers, start)
        if number
    }


def open_days(calendars: Iterable[int], first: date, last: date) -> dict[int, dict[date, int]]:
    """Calendar → day → open quarters, from one day to another, both included; one query."""
    found: dict[int, dict[date, int]] = {}
    for row in OpeningYear.objects.filter(
        calendar__in=set(calendars), year__range=(first.year, last.year)
    ):
        found.setdefault(row.calendar_id, {}).update(decode(row, first, last))
    return found


def days_between(first: date, last: date) -> list[date]:
    """Both included."""
    return [first + n * DAY for n in range((last - first).days + 1)]
