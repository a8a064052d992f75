"""What kits and supports tell people."""

from __future__ import annotations

from preau.notifications import topics
from preau.notifications.enums import Channel
from preau.notifications.topics import Topic

SUPPORTS = topics.register(
    Topic(
        "initiatives.supports",
        "Soutiens d’habitants à vos projets",
        "Des habitants soutiennent votre projet, ou laissent un mot à relire.",
        default=Channel.DIGEST,
    ),
    order=73,
)
