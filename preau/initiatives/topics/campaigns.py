"""What people are told about campaigns."""

from __future__ import annotations

from preau.notifications import topics
from preau.notifications.topics import Topic

RUN = topics.register(
    Topic(
        "initiatives.campaigns_run",
        "Collectes de mes projets",
        "Un apport promis ou annulé, une collecte ouverte, réussie ou échue.",
    ),
    order=124,
)
PLEDGES = topics.register(
    Topic(
        "initiatives.my_pledges",
        "Suites données à mes apports",
        "Apport confirmé, reçu, collecte réussie, échue ou annulée.",
    ),
    order=125,
)
