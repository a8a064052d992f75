"""Public holidays of a département and school holidays of a zone."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

import holidays
from django.db.models import Max

from preau.territories.models import Departement, SchoolHoliday

_subdivisions: dict[str, str] = {}


def public_holidays(departement_code: str, year: int) -> dict[date, str]:
    """Days off by law there, with their French names; local ones included.

    Alsace-Moselle has Good Friday everywhere here, though by law only where a Protestant church
    stands: closing a hall by rule that day is for its manager to choose.
    """
    return dict(_public_holidays(_subdivision(departement_code), year))


def is_public_holiday(departement_code: str, day: date) -> bool:
    return day in _public_holidays(_subdivision(departement_code), day.year)


def school_holidays(zone: str, first: date, last: date) -> list[tuple[date, date, str]]:
    """(first day, last day, name), both included, of all that touch the period, in order."""
    return list(
        SchoolHoliday.objects.filter(zone=zone, first_day__lte=last, last_day__gte=first)
        .order_by("first_day")
        .values_list("first_day", "last_day", "name")
    )


def zone_is_known(zone: str) -> bool:
    """False where no calendar was published or entered yet (Corse, overseas): tell the manager."""
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


def _subdivision(departement_code: str) -> str:
    if departement_code not in _subdivisions:
        row = Departement.objects.filter(pk=departement_code).first()
        if row is None:
            return ""
        _subdivisions[departement_code] = row.holiday_subdivision
    return _subdivisions[departement_code]
