"""What calendars add to the managers' page of a place."""

from __future__ import annotations

from django.http import HttpRequest

from preau.accounts.actors import actor_of
from preau.accounts.perms import allowed
from preau.calendars import queries
from preau.core.cards import Panel
from preau.places.models import Place


def of_place(request: HttpRequest, place: Place) -> Panel | None:
    actor = actor_of(request)
    if not allowed(actor, "calendars.see", place):
        return None
    context = {
        "place": place,
        "calendars": queries.of_place(place),
        "may_follow": allowed(actor, "calendars.follow", place),
    }
    return Panel("Agendas extérieurs", "calendars/_panel.html", context)
