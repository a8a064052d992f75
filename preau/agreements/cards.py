"""What this room adds to the pages of others."""

from __future__ import annotations

from django.http import HttpRequest

from preau.accounts.actors import actor_of
from preau.accounts.perms import allowed
from preau.agreements import queries
from preau.agreements.enums import AuthorityRole
from preau.core.cards import Panel
from preau.places.enums import PlaceKind
from preau.places.models import Place


def agreements_of_place(request: HttpRequest, place: Place) -> Panel | None:
    """Who signs for the place, its board's opinion, its agreements; for those who run it."""
    actor = actor_of(request)
    if not allowed(actor, "agreement.record_opinion", place):
        return None
    is_school = place.kind == PlaceKind.ETABLISSEMENT_SCOLAIRE
    context = {
        "place": place,
        "owner_signs": queries.authority_for(place, AuthorityRole.OWNER),
        "head": queries.authority_for(place, AuthorityRole.HEAD_OF_SCHOOL) if is_school else None,
        "is_school": is_school,
        "opinion": queries.opinion_for(place) if is_school else None,
        "may_appoint": allowed(actor, "agreement.appoint", place.owner),
    }
    return Panel("Conventions", "agreements/_place_panel.html", context)
