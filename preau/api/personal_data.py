"""What the room keeps about a person."""

from __future__ import annotations

from typing import Any

from preau.accounts.models import User
from preau.api.models import ApiToken, WebhookEndpoint


def personal_data(user: User) -> dict[str, Any]:
    """The tokens that act as them, the addresses told in their name; no secret."""
    tokens = ApiToken.objects.filter(membership__user=user).order_by("id")
    endpoints = WebhookEndpoint.objects.filter(membership__user=user).order_by("id")
    return {
        "Jetons d’API": [
            {
                "À quoi il sert": one.name,
                "Structure": str(one.organization),
                "Créé le": one.created_at,
                "Expire le": one.expires_at,
                "Dernier usage": one.last_used_on,
                "Révoqué le": one.revoked_at,
            }
            for one in tokens.select_related("organization")
        ],
        "Webhooks": [
            {"Adresse": one.url, "Structure": str(one.organization), "Créé le": one.created_at}
            for one in endpoints.select_related("organization")
        ],
    }
