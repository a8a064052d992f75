"""What calls tell people, and how they may choose to hear of it."""

from __future__ import annotations

from preau.notifications import topics
from preau.notifications.topics import Topic

SUBMISSIONS = topics.register(
    Topic(
        "initiatives.submissions",
        "Vos réponses à des appels",
        "Votre candidature est reçue, va bientôt être trop tardive, ou une décision est prise.",
        mandatory=True,
    ),
    order=70,
)
JURY = topics.register(
    Topic(
        "initiatives.jury",
        "Jurys dont vous êtes membre",
        "L’examen d’un appel commence, ou votre avis est attendu.",
    ),
    order=71,
)
CALLS = topics.register(
    Topic(
        "initiatives.calls",
        "Appels que vous organisez",
        "Une candidature arrive ou est retirée, un appel se ferme.",
    ),
    order=72,
)
