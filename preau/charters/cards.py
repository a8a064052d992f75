"""What this room adds to the pages of others."""

from __future__ import annotations

from django.http import HttpRequest

from preau.accounts.actors import actor_of
from preau.accounts.perms import allowed
from preau.charters import queries
from preau.charters.enums import AdhesionState
from preau.core.cards import Panel
from preau.places.models import Place


def of_managed_place(request: HttpRequest, place: Place) -> Panel | None:
    if not allowed(actor_of(request), "charter.join", place):
        return None
    live = queries.of_place(place).exclude(state=AdhesionState.ENDED)
    return Panel("Chartes", "charters/_place_panel.html", {"adhesions": live})


def of_public_place(request: HttpRequest, place: Place) -> Panel | None:
    active = list(queries.of_place(place).filter(state=AdhesionState.ACTIVE))
    if not active:
        return None
    return Panel("Un lieu engagé", "charters/_public_panel.html", {"adhesions": active})
