"""What people are told of blockages and recommendations."""

from __future__ import annotations

from preau.notifications import topics
from preau.notifications.topics import Topic

RECOMMENDATIONS = topics.register(
    Topic(
        "projects.recommendations",
        "Recommandations pour mes projets",
        "Un service de l’État vous propose une aide, un appui ou un lieu, ou retire une"
        " proposition.",
        mandatory=True,
    ),
    order=46,
)
BLOCKAGES = topics.register(
    Topic(
        "projects.blockages",
        "Blocages des projets que je suis",
        "Un blocage est signalé, pris en charge, levé, ou reste sans conseil.",
    ),
    order=47,
)
REPLIES = topics.register(
    Topic(
        "projects.replies",
        "Réponses à mes recommandations",
        "Le porteur d’un projet répond à une recommandation que vous suivez.",
    ),
    order=48,
)
