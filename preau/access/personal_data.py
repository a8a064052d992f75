"""What is kept about a person: which doors they could open, and when."""

from __future__ import annotations

from typing import Any

from preau.access.models import AccessGrant
from preau.accounts.models import User


def personal_data(user: User) -> dict[str, Any]:
    """For the export that they may ask for; no code."""
    rows = AccessGrant.objects.filter(holder_user=user).select_related("door__place")
    return {
        "codes d’accès": [
            {
                "lieu": one.door.place.name,
                "porte": one.door.name,
                "pour": one.label,
                "du": one.starts_at,
                "au": one.ends_at,
                "état": one.get_state_display(),
                "montré le": one.shown_at,
            }
            for one in rows.order_by("starts_at", "pk")
        ]
    }
