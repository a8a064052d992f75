"""What studies tell people about."""

from __future__ import annotations

from preau.notifications import topics
from preau.notifications.topics import Topic

STUDIES = topics.register(
    Topic(
        "siting.studies",
        "Calculs de mes études d’implantation",
        "La recherche du meilleur choix, ou un long calcul que vous avez demandé, est finie.",
    ),
    order=95,
)
