"""What the room tells people about."""

from __future__ import annotations

from preau.notifications import topics
from preau.notifications.topics import Topic

OUTSIDE = topics.register(
    Topic(
        "calendars.outside",
        "Agendas extérieurs de mes lieux",
        "Un événement d’un agenda suivi tombe sur une réservation, ou l’agenda n’est plus lisible.",
    ),
    order=38,
)
