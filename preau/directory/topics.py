"""What the directory tells people about."""

from __future__ import annotations

from preau.notifications import topics
from preau.notifications.topics import Topic

TO_MODERATE = topics.register(
    Topic(
        "directory.to_moderate",
        "Signalements de l’annuaire",
        "Quelqu’un signale un lieu manquant ou une erreur, ou demande à tenir une fiche.",
    ),
    order=95,
)
ANSWERS = topics.register(
    Topic(
        "directory.answers",
        "Suites données à mes signalements",
        "Un signalement ou une demande que vous avez envoyés à l’annuaire a reçu une réponse.",
    ),
    order=96,
)
