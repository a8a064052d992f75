"""What this room adds to the manager's page of a place."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from preau.accounts.actors import actor_of
from preau.accounts.perms import allowed
from preau.core.cards import Panel
from preau.places.models import Place


def of_place(request: HttpRequest, place: Place) -> Panel | None:
    if not allowed(actor_of(request), "capacity.read_place", place):
        return None
    url = reverse("capacity:place", args=[place.pk])
    impact = reverse("capacity:place_impact", args=[place.pk])
    return Panel("Capacité", "capacity/panel.html", {"url": url, "impact_url": impact})
