"""What people are told about listings."""

from __future__ import annotations

from preau.notifications import topics
from preau.notifications.enums import Channel
from preau.notifications.topics import Topic

ANSWERS = topics.register(
    Topic(
        "initiatives.listing_answers",
        "Messages au sujet des annonces",
        "Quelqu’un répond à votre annonce, ou vous écrit au sujet de la sienne.",
    ),
    order=120,
)
MINE = topics.register(
    Topic(
        "initiatives.my_listings",
        "Suites données à mes annonces",
        "Annonce publiée, bientôt expirée, expirée ou retirée.",
    ),
    order=121,
)
MATCHES = topics.register(
    Topic(
        "initiatives.listing_matches",
        "Annonces qui répondent aux miennes",
        "Une nouvelle offre pour un de vos besoins, ou l’inverse.",
        default=Channel.DIGEST,
    ),
    order=122,
)
TO_READ = topics.register(
    Topic(
        "initiatives.listings_to_read",
        "Annonces et signalements à vérifier",
        "La première annonce d’une personne de votre territoire, ou une annonce signalée.",
    ),
    order=123,
)
