"""From the address of a page to the thing it is about, or 404."""

from __future__ import annotations

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from preau.accounts.actors import Actor
from preau.availability.models import OpeningCalendar
from preau.places.models import Place


def actor_of(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def load_place(*, place_id: int) -> Place:
    return get_object_or_404(Place.objects.select_related("owner", "commune"), pk=place_id)


def load_calendar(*, calendar_id: int) -> OpeningCalendar:
    calendars = OpeningCalendar.objects.select_related("place__owner", "place__commune")
    return get_object_or_404(calendars, pk=calendar_id)
