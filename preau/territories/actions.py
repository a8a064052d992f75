"""Changes to the reference data that people make (the rest is loaded: `loading.py`)."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction

from preau.core import audit
from preau.core.errors import Refusal
from preau.territories.enums import HolidaySource
from preau.territories.loading import OFFICIAL_ZONES
from preau.territories.models import SchoolHoliday


def enter_school_holiday(
    *, actor: audit.Author, zone: str, name: str, first_day: date, last_day: date
) -> SchoolHoliday:
    """Add school holidays in a zone whose official calendar Préau does not know."""
    if zone in OFFICIAL_ZONES:
        raise Refusal("Le calendrier officiel de cette zone est déjà connu.", field="zone")
    if first_day > last_day:
        raise Refusal("Le dernier jour ne peut pas précéder le premier.", field="last_day")
    try:
        with transaction.atomic():
            holiday = SchoolHoliday.objects.create(
                zone=zone,
                name=name.strip(),
                first_day=first_day,
                last_day=last_day,
                source=HolidaySource.ENTERED,
            )
            audit.record(actor, "territories.school_holiday_entered", holiday, zone=zone)
    except IntegrityError as error:
        raise Refusal(
            "D’autres vacances de cette zone couvrent déjà une partie de ces jours.",
            field="first_day",
        ) from error
    return holiday


def remove_school_holiday(*, actor: audit.Author, holiday: SchoolHoliday) -> None:
    """Take back holidays entered by hand; the official ones stay."""
    if holiday.source != HolidaySource.ENTERED:
        raise Refusal("Les vacances du calendrier officiel ne se suppriment pas.")
    with transaction.atomic():
        audit.record(actor, "territories.school_holiday_removed", holiday, zone=holiday.zone)
        holiday.delete()
