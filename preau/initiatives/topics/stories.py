"""What people are told about stories."""

from __future__ import annotations

from preau.notifications import topics
from preau.notifications.topics import Topic

STORIES = topics.register(
    Topic(
        "initiatives.stories",
        "Récits de mes lieux et de mes projets",
        "Un récit retiré par l’opérateur du site, avec son motif.",
    ),
    order=126,
)
SIGNALLED = topics.register(
    Topic(
        "initiatives.stories_signalled",
        "Récits signalés",
        "Un lecteur signale un récit : l’opérateur du site le relit.",
    ),
    order=127,
)
