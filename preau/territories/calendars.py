"""Public holidays of a département and school holidays of a zone."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

import holidays
from django.db.models import Max

from preau.territories.models import SchoolHoliday

#: Codes in the `holidays` package of the départements with public holidays of their own.
SUBDIVISIONS = {
    "57": "57",
    "67": "6AE",
    "68": "6AE",
    "971": "971",
    "972": "972",
    "973": "973",
    "974": "974",
    "975": "PM",
    "976": "976",
    "977": "BL",
    "978": "MF",
    "986": "WF",
    "987": "PF",
    "988": "NC",
}


def public_holidays(departement_code: str, year: int) -> dict[date, str]:
    """Days off by law there in the year, with their French names; local ones included.

    Alsace-Moselle has Good Friday everywhere here, though by law only where a Protestant church
    stands: closing a hall by rule that day is for its manager to choose.
    """
    return dict(_public_holidays(SUBDIVISIONS.get(departement_code, ""), year))


def is_public_holiday(departement_code: str, day: date) -> bool:
    return day in _public_holidays(SUBDIVISIONS.get(departement_code, ""), day.year)


def school_holidays(zone: str, first: date, last: date) -> list[tuple[date, date, str]]:
    """(first day, last day, name), both included, of all that touch the period, in order."""
    return list(
        SchoolHoliday.objects.filter(zone=zone, first_day__lte=last, last_day__gte=first)
        .order_by("first_day")
        .values_list("first_day", "last_day", "name")
    )


def zone_is_known(zone: str) -> bool:
    """False where no official calendar is known (Corse, overseas): the manager must be told."""
    return SchoolHoliday.objects.filter(zone=zone).exists()


def zone_known_until(zone: str) -> date | None:
    """Last day of the last school holidays known; what comes after is not school term for sure."""
    last: date | None = SchoolHoliday.objects.filter(zone=zone).aggregate(last=Max("last_day"))[
        "last"
    ]
    return last


@lru_cache(maxsize=512)
def _public_holidays(subdivision: str, year: int) -> dict[date, str]:
    found = holidays.country_holidays(
        "FR", subdiv=subdivision or None, years=year, language="fr", expand=False
    )
    return {day: found[day].replace("'", "’") for day in sorted(found)}
