"""What people are told about démarches and dossiers."""

from __future__ import annotations

from preau.notifications import topics
from preau.notifications.topics import Topic

DOSSIERS = topics.register(
    Topic(
        "connectors.dossiers",
        "Suites des demandes de subvention",
        "Un dossier préparé depuis un projet attend d’être ouvert, est déposé, instruit, accepté,"
        " refusé.",
    ),
    order=59,
)
PROCEDURES = topics.register(
    Topic(
        "connectors.procedures",
        "Démarches à revoir",
        "Une démarche proposée aux porteurs de projet a changé ou vient de fermer.",
    ),
    order=95,
)
