"""What the room tells people about."""

from __future__ import annotations

from preau.notifications import topics
from preau.notifications.topics import Topic

SHARES = topics.register(
    Topic(
        "economics.shares",
        "Répartition des coûts d’un lieu",
        "Part proposée à votre structure, réponses des occupants, répartition arrêtée.",
    ),
    order=96,
)
ROUNDS = topics.register(
    Topic(
        "economics.rounds",
        "Négociations groupées",
        "Invitation, rappel avant la date limite, clôture.",
    ),
    order=97,
)
