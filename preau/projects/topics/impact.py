"""What people are told, or asked, about what came of a project."""

from __future__ import annotations

from preau.notifications import topics
from preau.notifications.topics import Topic

REVIEW = topics.register(
    Topic(
        "projects.review",
        "Bilans des projets",
        "Un bilan vous est demandé, ou vient d’être écrit, pour un projet que vous suivez.",
    ),
    order=56,
)
WHERE = topics.register(
    Topic(
        "projects.where",
        "Où en est votre projet ?",
        "Une question courte, six mois puis un an après le dépôt et après la fin.",
    ),
    order=57,
)
FEEDBACK = topics.register(
    Topic(
        "projects.feedback",
        "Votre avis sur les programmes",
        "Une note et un commentaire, à la fin d’un projet ou une fois par an.",
    ),
    order=58,
)
