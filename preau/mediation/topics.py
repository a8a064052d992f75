"""What the room tells people about."""

from __future__ import annotations

from preau.notifications import topics
from preau.notifications.topics import Topic

FILES = topics.register(
    Topic(
        "mediation.files",
        "Mes dossiers de suivi",
        "Démarche à revoir, mandat qui s’achève, dossier clos ou effacé à sa date. Jamais un nom.",
    ),
    order=96,
)
TRAININGS = topics.register(
    Topic(
        "mediation.trainings",
        "Mes formations",
        "Une formation suivie arrive à la fin de sa validité.",
    ),
    order=97,
)
