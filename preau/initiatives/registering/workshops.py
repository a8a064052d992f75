"""What workshops bring to the menu and to the home page."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from preau.accounts.actors import actor_of
from preau.accounts.steering import steers
from preau.core import clock, navigation
from preau.core.cards import Card
from preau.core.formats import count
from preau.core.navigation import Link
from preau.core.registries import dashboard_cards
from preau.initiatives.enums.workshops import WorkshopState
from preau.initiatives.models import Workshop
from preau.initiatives.tasks import forgetting as tasks


def workshops_card(request: HttpRequest) -> Card | None:
    """Workshops over, without their conclusions."""
    actor = actor_of(request)
    if actor.organization_id is None or not steers(request):
        return None
    waiting = Workshop.objects.filter(
        organization=actor.organization_id,
        state__in=[WorkshopState.ANNOUNCED, WorkshopState.HELD],
        ends_at__lt=clock.now(),
    )
    found = list(waiting.order_by("starts_at")[:20])
    if not found:
        return None
    words = count(len(found), "atelier à conclure", "ateliers à conclure")
    return Card(words, reverse("initiatives:workshop_desk"), f"« {found[0].title} »")


def register() -> None:
    """Called once, when the room is ready."""
    assert tasks  # which declares them
    dashboard_cards.register("initiatives.workshops", workshops_card, order=33)
    navigation.register(
        Link(
            "Ateliers",
            "initiatives:workshop_desk",
            order=50,
            visible=steers,
            menu=False,
            hub="piloter",
            text="Réunir les acteurs d’un territoire, conclure, suivre ce qui est décidé.",
        )
    )
    navigation.register(
        Link(
            "Ateliers publics",
            "initiatives:workshops",
            order=40,
            menu=False,
            hub="proposer",
            text="Les rencontres ouvertes, leurs ordres du jour et leurs conclusions.",
        )
    )
