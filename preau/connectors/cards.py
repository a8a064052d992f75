"""What the home page says to the operator of outside services."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from preau.accounts.actors import actor_of
from preau.connectors import states
from preau.core.cards import Card


def paused_services(request: HttpRequest) -> Card | None:
    """Which are left alone now, for the operator alone."""
    if not actor_of(request).is_operator:
        return None
    names = states.paused()
    if not names:
        return None
    return Card(
        title="Un service extérieur ne répond pas"
        if len(names) == 1
        else f"{len(names)} services extérieurs ne répondent pas",
        href=reverse("connectors:services"),
        text=f"{', '.join(names)} : appels en pause ; chaque page dit comment faire sans.",
        badge=("error", "En pause"),
    )
