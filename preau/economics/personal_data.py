"""What this room keeps about a person: exported when they ask."""

from __future__ import annotations

from typing import Any

from preau.accounts.models import User
from preau.economics.models import Invitation, ModelVersion, ProviderLine


def of_person(user: User) -> dict[str, Any]:
    """What they answered or computed, and the invitations sent to their address."""
    return {
        "réponses à des répartitions de coûts": [
            {
                "lieu": one.allocation.place_name,
                "réponse": one.get_answer_display(),
                "motif": one.answer_reason,
                "le": one.answered_at,
            }
            for one in ProviderLine.objects.filter(answered_by=user).select_related("allocation")
        ],
        "modèles économiques calculés": [
            {"modèle": one.model.name, "version": one.number, "note": one.note, "le": one.made_at}
            for one in ModelVersion.objects.filter(made_by=user).select_related("model")
        ],
        "invitations à des négociations": [
            {"lieu": one.round.place_name, "structure": one.name, "le": one.told_at}
            for one in Invitation.objects.filter(email__iexact=user.email).select_related("round")
        ],
    }
