"""What is free near whoever comes back: their last search, or the seat of their organisation."""

from __future__ import annotations

from django.http import HttpRequest

from preau.accounts.actors import actor_of
from preau.availability.queries.search import Where
from preau.find.queries import Group, grouped, nearby_cards
from preau.find.recent import last_commune
from preau.territories.models import Commune

KM = 15.0
LOOKED_AT = 16
SHOWN = 3


def near_me(request: HttpRequest) -> tuple[Commune | None, list[Group]]:
    """The commune, and a free space of each of a few places; nothing for a stranger."""
    actor = actor_of(request)
    if actor.user is None:
        return None, []
    commune = last_commune(request)
    if commune is None and actor.organization is not None:
        commune = actor.organization.commune
    if commune is None:
        return None, []
    cards = nearby_cards(Where(*commune.centre, KM), limit=LOOKED_AT)
    free = {card.place.pk: card for card in reversed(cards) if card.slot}  # the nearest of each
    return commune, grouped([card for card in cards if free.get(card.place.pk) is card][:SHOWN])
