"""What the school calendar and the public holidays say for one opening calendar."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from functools import lru_cache
from importlib.metadata import version
from zoneinfo import ZoneInfo

from preau.availability.models import (
    LocalSchoolHoliday,
    OpeningCalendar,
    OpeningException,
    OpeningRule,
)
from preau.availability.opening import DayFacts, Opening
from preau.places.models import Place
from preau.territories.calendars import is_public_holiday, school_holidays
from preau.territories.models import SchoolHoliday

PUBLIC_HOLIDAYS = version("holidays")


def school_holidays_of(place: Place, first: date, last: date) -> list[tuple[date, date, str]]:
    """(first day, last day, name) of the school holidays that touch these days.

    Official ones of the zone, plus those the owner has entered: the only ones there are where
    nothing is published (Corsica, overseas).
    """
    entered = LocalSchoolHoliday.objects.filter(
        organization_id=place.owner_id, first_day__lte=last, last_day__gte=first
    )
    return [
        *school_holidays(place.commune.school_zone, first, last),
        *entered.values_list("first_day", "last_day", "name"),
    ]


def holidays_near(
    pairs: Iterable[tuple[str, int]], first: date, last: date
) -> dict[tuple[str, int], list[tuple[date, date, str]]]:
    """The same for several (school zone, owner) at once, in two queries."""
    pairs = list(pairs)
    official: dict[str, list[tuple[date, date, str]]] = {}
    spans = SchoolHoliday.objects.filter(
        zone__in={zone for zone, _ in pairs}, first_day__lte=last, last_day__gte=first
    )
    columns = ("first_day", "last_day", "name")
    for zone, start, end, name in spans.order_by("first_day").values_list("zone", *columns):
        official.setdefault(zone, []).append((start, end, name))
    entered: dict[int, list[tuple[date, date, str]]] = {}
    local = LocalSchoolHoliday.objects.filter(
        organization__in={owner for _, owner in pairs}, first_day__lte=last, last_day__gte=first
    )
    for owner, start, end, name in local.values_list("organization", *columns):
        entered.setdefault(owner, []).append((start, end, name))
    return {pair: official.get(pair[0], []) + entered.get(pair[1], []) for pair in pairs}


def day_facts(place: Place, first: date, last: date) -> DayFacts:
    """Facts of the days from `first` to `last` where the place stands."""
    return _facts_of(place, school_holidays_of(place, first, last))


def _facts_of(place: Place, spans: Iterable[tuple[date, date, str]]) -> DayFacts:
    days = tuple((start, end) for start, end, _ in spans)
    return _facts(place.time_zone, place.departement_code, days)


@lru_cache(maxsize=256)  # the places of a département, mostly, share theirs
def _facts(time_zone: str, departement: str, spans: tuple[tuple[date, date], ...]) -> DayFacts:
    off = {start + timedelta(days=n) for start, end in spans for n in range((end - start).days + 1)}
    return DayFacts(
        zone=ZoneInfo(time_zone),
        is_school_holiday=off.__contains__,
        is_public_holiday=lambda day: is_public_holiday(departement, day),
    )


def opening_of(calendar: OpeningCalendar, first: date, last: date) -> Opening:
    """The calendar's saved rules and exceptions, ready to be asked about these days."""
    return openings_of([calendar], first, last)[calendar.pk]


def openings_of(
    calendars: Sequence[OpeningCalendar], first: date, last: date
) -> dict[int, Opening]:
    """The same for many, in four queries; their places and communes are loaded."""
    ids = [calendar.pk for calendar in calendars]
    rules: dict[int, list[OpeningRule]] = defaultdict(list)
    for rule in OpeningRule.objects.filter(calendar__in=ids):
        rules[rule.calendar_id].append(rule)
    exceptions: dict[int, list[OpeningException]] = defaultdict(list)
    near = OpeningException.objects.filter(first_day__lte=last, last_day__gte=first)
    for exception in near.filter(calendar__in=ids):
        exceptions[exception.calendar_id].append(exception)
    # A rule of the eve may run past midnight: its day counts too.
    pairs = {(one.place.commune.school_zone, one.place.owner_id) for one in calendars}
    spans = holidays_near(pairs, first - timedelta(days=1), last)
    return {
        one.pk: Opening(
            rules=rules[one.pk],
            exceptions=exceptions[one.pk],
            facts=_facts_of(one.place, spans[one.place.commune.school_zone, one.place.owner_id]),
        )
        for one in calendars
    }


def facts_key(place: Place) -> str:
    """What opening days depend on beside the rules: they are stale once it changes.

    Where the place stands, the school holidays published for it, the public holidays known.
    """
    zone = place.commune.school_zone
    return f"{place.time_zone} {place.departement_code} {zone} {holidays_digest(zone)}"


def holidays_digest(school_zone: str) -> str:
    """Changes when dates are published, or corrected, for that zone."""
    spans = SchoolHoliday.objects.filter(zone=school_zone).order_by("first_day", "last_day")
    text = f"{PUBLIC_HOLIDAYS} {list(spans.values_list('first_day', 'last_day'))}"
    return hashlib.sha256(text.encode()).hexdigest()[:12]
