"""What the library tells people about."""

from __future__ import annotations

from preau.notifications import topics
from preau.notifications.topics import Topic

TO_REVIEW = topics.register(
    Topic(
        "resources.to_review",
        "Fiches ressources à relire",
        "Une fiche de votre structure attend d’être relue par une autre personne que son auteur.",
    ),
    order=90,
)
MINE = topics.register(
    Topic(
        "resources.mine",
        "Suites données à mes fiches ressources",
        "Relecture acceptée ou renvoyée, fiche bientôt périmée, erreur signalée par un lecteur.",
    ),
    order=91,
)
