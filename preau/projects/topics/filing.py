"""What one is told while a project is being filed."""

from __future__ import annotations

from preau.notifications import topics
from preau.notifications.topics import Topic

DEPOSITS = topics.register(
    Topic(
        "projects.deposits",
        "Dépôt de mes projets",
        "Votre projet est déposé : qui répond, et avant quand ; ou un brouillon vous attend.",
        mandatory=True,
    ),
    order=200,
)
