"""The open quarter-hours of every day, written from the rules and read back.

One row a calendar and year: few different days make a year, so each is kept once (`patterns`) and
the days of the year only number theirs. Rows are recomputed from the rules, never patched.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from preau.availability.bits import from_text, to_text
from preau.availability.facts import opening_of
from preau.availability.models import OpeningCalendar, OpeningYear
from preau.core import clock
from preau.places.models import Place

#: How far ahead opening days are written; no space may be booked beyond.
HORIZON = timedelta(days=800)
DAY = timedelta(days=1)


def rebuild_opening(calendar: OpeningCalendar, first: date | None = None) -> None:
    """Write the open quarters of every day from `first` (default: yesterday) to the horizon."""
    today = clock.today(calendar.place.zone)
    first = max(first or today - DAY, today - DAY)
    last = today + HORIZON
    opening = opening_of(calendar, first, last)
    write_days(calendar.pk, {day: opening.bits(day) for day in days_between(first, last)})
    OpeningCalendar.objects.filter(pk=calendar.pk).update(
        built_until=last, facts=facts_key(calendar.place)
    )


def facts_key(place: Place) -> str:
    """What opening days depend on beside the rules: they are stale once the place moves."""
    return f"{place.time_zone} {place.departement_code} {place.commune.school_zone}"


def write_days(calendar_id: int, fresh: Mapping[date, int]) -> None:
    """Put these days in place of what was written of them; the other days stay."""
    years: dict[int, dict[date, int]] = defaultdict(dict)
    for day, bits in fresh.items():
        years[day.year][day] = bits
    before = {
        row.year: row for row in OpeningYear.objects.filter(calendar=calendar_id, year__in=years)
    }
    rows = []
    for year, days in years.items():
        kept = decode(before[year]) if year in before else {}
        row = encode(calendar_id, year, kept | days)
        if year not in before or (row.patterns, row.days) != (
            before[year].patterns,
            before[year].days,
        ):
            rows.append(row)
    OpeningYear.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["calendar", "year"],
        update_fields=["patterns", "days"],
    )


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
