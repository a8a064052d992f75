"""The way to the guide, from the home page of who has no place open yet."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from preau.accounts.actors import actor_of
from preau.accounts.enums import OrganizationKind
from preau.accounts.perms import allowed
from preau.core.cards import Card
from preau.desk.setup.state import AUTHORITIES, Setup
from preau.desk.setup.steps import minutes_left
from preau.places.enums import Publication


def first_place(request: HttpRequest) -> Card | None:
    """For an authority that has published nothing."""
    actor = actor_of(request)
    organization = actor.organization
    if organization is None or organization.kind not in AUTHORITIES:
        return None
    if organization.kind == OrganizationKind.STATE_SERVICE:
        return None  # it may open a place, and most have none to open
    if not allowed(actor, "desk.setup", organization):
        return None
    if organization.places.filter(publication=Publication.PUBLISHED).exists():
        return None
    setup = Setup(organization)
    begun = setup.place is not None
    left = minutes_left(setup.steps)
    return Card(
        title="Reprendre l’ouverture de votre lieu" if begun else "Ouvrir votre premier lieu",
        href=reverse("desk:setup_home", args=[organization.pk]),
        text=f"Pas à pas, encore {left}\u00a0minutes environ : le lieu, ses horaires, ses règles.",
        badge=("info", "Commencé" if begun else "À faire"),
    )
