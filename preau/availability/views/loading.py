"""From the address of a page to the thing it is about, or 404."""

from __future__ import annotations

from django.shortcuts import get_object_or_404

from preau.availability.models import OpeningCalendar
from preau.places.models import Place


def load_place(*, place_id: int) -> Place:
    return get_object_or_404(Place.objects.select_related("owner", "commune"), pk=place_id)


def load_calendar(*, calendar_id: int) -> OpeningCalendar:
    calendars = OpeningCalendar.objects.select_related("place__owner", "place__commune")
    return get_object_or_404(calendars, pk=calendar_id)
