"""What the room tells people about."""

from __future__ import annotations

from preau.notifications import topics
from preau.notifications.topics import Topic

CHARTERS = topics.register(
    Topic(
        "charters.adhesions",
        "Chartes des lieux partagés",
        "Adhésion demandée, signée, à confirmer, suspendue ou quittée.",
    ),
    order=95,
)
