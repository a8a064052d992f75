"""What the sheet tells people, and how they may choose to hear of it."""

from __future__ import annotations

from preau.notifications import topics
from preau.notifications.topics import Topic

INVITATIONS = topics.register(
    Topic(
        "projects.invitations",
        "Invitations et rôles dans les projets",
        "On vous invite à un projet, ou votre rôle y change.",
        mandatory=True,
    ),
    order=50,
)
MENTIONS = topics.register(
    Topic(
        "projects.mentions",
        "Mentions dans un projet",
        "Quelqu’un vous appelle par votre nom dans une conversation de projet.",
        can_wait=False,
    ),
    order=51,
)
MESSAGES = topics.register(
    Topic(
        "projects.messages",
        "Conversations de projets",
        "Quelqu’un écrit dans une conversation d’un projet dont vous êtes membre.",
    ),
    order=52,
)
STEPS = topics.register(
    Topic(
        "projects.steps",
        "Actions qui vous sont confiées",
        "Une action d’un projet vous est confiée, ou change de date.",
    ),
    order=53,
)
