"""The caretaker's day at one place: on a telephone, or printed in the morning."""

from __future__ import annotations

from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from preau.accounts.actors import actor_of
from preau.accounts.perms import allowed, permission
from preau.core import clock
from preau.desk.queries.day import visits
from preau.desk.views.planning import load_place
from preau.places.models import Place


def asked_day(text: str, today: date) -> date:
    """The day of « 2026-03-18 », or today when it cannot be read."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return today
    return found if 2000 <= found.year <= 2100 else today


@permission("booking.see_planning", load=load_place)
def day(request: HttpRequest, place: Place) -> HttpResponse:
    """Everyone who comes that day, with what to prepare and what to look at together."""
    today = clock.today(place.zone)
    asked = asked_day(request.GET.get("jour", ""), today)
    context = {
        "place": place,
        "day": asked,
        "is_today": asked == today,
        "previous": asked - timedelta(days=1),
        "next": asked + timedelta(days=1),
        "now": clock.now(),
        "visits": visits(place, asked),
        "may_inventory": allowed(actor_of(request), "desk.inventory", place),
    }
    return render(request, "desk/day.html", context)
