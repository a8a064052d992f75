"""What the timetables tell people about."""

from __future__ import annotations

from preau.notifications import topics
from preau.notifications.topics import Topic

COORDINATION = topics.register(
    Topic(
        "timetables.coordination",
        "Grilles de permanences",
        "Un calcul est fini, un lieu a répondu, un essai arrive à son bilan.",
    ),
    order=120,
)
PROVIDING = topics.register(
    Topic(
        "timetables.providing",
        "Permanences de ma structure",
        "Des permanences sont publiées au nom de votre structure, ou s’arrêtent.",
        can_wait=False,
    ),
    order=122,
)
HOSTING = topics.register(
    Topic(
        "timetables.hosting",
        "Permanences dans mes lieux",
        "On vous demande d’accueillir des permanences, ou celles que vous accueillez s’arrêtent.",
        can_wait=False,
    ),
    order=121,
)
