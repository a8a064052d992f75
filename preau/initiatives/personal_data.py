"""What this room keeps about a person: exported when they ask."""

from __future__ import annotations

from typing import Any

from preau.accounts.models import User
from preau.initiatives.models import Review, Submission, Support


def calls_of(user: User) -> dict[str, Any]:
    return {
        "réponses à des appels": [
            {
                "appel": one.call.title,
                "nom": one.title,
                "texte": one.summary,
                "téléphone": one.phone,
                "état": one.get_state_display(),
                "envoyée le": one.sent_at,
                "décision": one.told_decision,
            }
            for one in Submission.objects.filter(user=user).select_related("call")
        ],
        "avis rendus dans des jurys": [
            {
                "candidature": one.submission.title,
                "avis": one.comment,
                "conflit d’intérêts": one.conflict_reason,
                "envoyé le": one.sent_at,
            }
            for one in Review.objects.filter(reviewer__user=user).select_related("submission")
        ],
    }


def supports_of(user: User) -> dict[str, Any]:
    return {
        "soutiens à des projets": [
            {
                "projet": one.use.project.name,
                "prénom": one.first_name,
                "commune": one.commune.name,
                "mot": one.words,
                "donné le": one.given_at,
            }
            for one in Support.objects.filter(user=user).select_related("use__project", "commune")
        ]
    }
