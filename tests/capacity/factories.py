"""Halls, rooms and pools with hours and people in them, days past included."""

from datetime import timedelta

from preau.accounts.actors import SYSTEM
from preau.availability.actions.occupancies import SlotTaken, Use, occupy
from preau.availability.enums import OccupancyKind
from preau.availability.facts import opening_of
from preau.availability.opening_index import days_between, write_days
from preau.core.timeranges import Period, local_instant
from preau.places.models import Space

DAY = timedelta(days=1)


def write_past(calendar, first, last):
    """The open days that the nights would have written, had the place been there already."""
    opening = opening_of(calendar, first, last)
    write_days(calendar.pk, {day: opening.bits(day) for day in days_between(first, last)})


def born(space, day):
    Space.objects.filter(place_id=space.place_id).update(
        created_at=local_instant(day, 0, space.place.zone)
    )


def use(space, day, start, end, kind=OccupancyKind.BOOKING, quantity=1):
    """Somebody there, from one hour to another of a day; None when it was taken."""
    zone = space.place.zone
    period = Period(
        local_instant(day, round(start * 60), zone), local_instant(day, round(end * 60), zone)
    )
    try:
        return occupy(space, period, Use(kind, "Essai"), actor=SYSTEM, quantity=quantity)
    except SlotTaken:
        return None
