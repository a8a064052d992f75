"""What the school calendar and the public holidays say for one opening calendar."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from preau.availability.models import LocalSchoolHoliday, OpeningCalendar
from preau.availability.opening import DayFacts, Opening
from preau.places.models import Place
from preau.territories.calendars import is_public_holiday, school_holidays
from preau.territories.models import SchoolHoliday


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
    spans = school_holidays_of(place, first, last)
    return DayFacts(
        zone=place.zone,
        is_school_holiday=lambda day: any(start <= day <= end for start, end, _ in spans),
        is_public_holiday=lambda day: is_public_holiday(place.departement_code, day),
    )


def opening_of(calendar: OpeningCalendar, first: date, last: date) -> Opening:
    """The calendar's saved rules and exceptions, ready to be asked about these days."""
    return Opening(
        rules=list(calendar.rules.all()),
        exceptions=list(calendar.exceptions.filter(first_day__lte=last, last_day__gte=first)),
        facts=day_facts(calendar.place, first, last),
    )
