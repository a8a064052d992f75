"""What the doors tell people about."""

from __future__ import annotations

from preau.notifications import topics
from preau.notifications.topics import Topic

CODES = topics.register(
    Topic(
        "access.codes",
        "Codes d’accès",
        "Votre code est prêt, a changé, ou n’a pas pu être posé : comment entrer.",
        mandatory=True,
    ),
    order=35,
)
DOORS = topics.register(
    Topic(
        "access.doors",
        "Portes et serrures de mes lieux",
        "Une serrure ne répond pas avant une occupation, un code ne peut pas être retiré.",
        can_wait=False,
    ),
    order=65,
)
