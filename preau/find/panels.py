"""What the public calendars add to the managers' page of a place."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from preau.accounts.actors import actor_of
from preau.accounts.perms import allowed
from preau.core.cards import Panel
from preau.places.enums import Publication
from preau.places.models import Place


def calendar_of_place(request: HttpRequest, place: Place) -> Panel | None:
    """The secret address of its planning, for those who may read the planning here."""
    actor = actor_of(request)
    if place.publication == Publication.ARCHIVED:
        return None
    if not allowed(actor, "booking.see_planning", place):
        return None
    address = request.build_absolute_uri(reverse("find:place_feed", args=[place.feed_secret]))
    may_renew = allowed(actor, "place.edit", place)
    context = {"place": place, "address": address, "may_renew": may_renew}
    return Panel("Agenda à suivre", "find/calendar_panel.html", context)
