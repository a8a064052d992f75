"""What the school calendar and the public holidays say for one opening calendar."""

from __future__ import annotations

from datetime import date

from preau.availability.models import LocalSchoolHoliday, OpeningCalendar
from preau.availability.opening import DayFacts, Opening
from preau.places.models import Place
from preau.territories.calendars import is_public_holiday, school_holidays


def day_facts(place: Place, first: date, last: date) -> DayFacts:
    """Facts of the days from `first` to `last` where the place stands.

    Official school holidays of the zone, plus those the owner has entered: the only ones there are
    where nothing is published (Corsica, overseas).
    """
    spans = [
        (start, end) for start, end, _ in school_holidays(place.commune.school_zone, first, last)
    ]
    spans += LocalSchoolHoliday.objects.filter(
        organization_id=place.owner_id, first_day__lte=last, last_day__gte=first
    ).values_list("first_day", "last_day")
    return DayFacts(
        zone=place.zone,
        is_school_holiday=lambda day: any(start <= day <= end for start, end in spans),
        is_public_holiday=lambda day: is_public_holiday(place.departement_code, day),
    )


def opening_of(calendar: OpeningCalendar, first: date, last: date) -> Opening:
    """The calendar's saved rules and exceptions, ready to be asked about these days."""
    return Opening(
        rules=list(calendar.rules.all()),
        exceptions=list(calendar.exceptions.filter(first_day__lte=last, last_day__gte=first)),
        facts=day_facts(calendar.place, first, last),
    )
