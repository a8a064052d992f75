"""What one is told while a project is received, sorted, assigned and followed."""

from __future__ import annotations

from preau.notifications import topics
from preau.notifications.topics import Topic

DECISIONS = topics.register(
    Topic(
        "projects.decisions",
        "Réponses à mes projets",
        "Pris en compte, qualifié, refusé, réorienté : ce que les services de l’État décident.",
        mandatory=True,
    ),
    order=100,
)
DEPOSITED = topics.register(
    Topic(
        "projects.deposited",
        "Projets déposés",
        "Un projet de votre département vient d’arriver et vous revient, ou à votre service.",
    ),
    order=110,
)
DEADLINES = topics.register(
    Topic(
        "projects.deadlines",
        "Échéances des projets",
        "Un projet attend d’être pris en compte, une action arrive à son terme.",
    ),
    order=115,
)
ASSIGNED = topics.register(
    Topic(
        "projects.assigned",
        "Projets confiés",
        "On vous confie un projet, on demande votre appui, on y répond.",
    ),
    order=120,
)
FOLLOW_UP = topics.register(
    Topic(
        "projects.follow_up",
        "Suivi de mes projets",
        "Ce qui est nouveau, en retard ou attendu de vous, au rythme que vous choisissez.",
        can_wait=False,
    ),
    order=130,
)
