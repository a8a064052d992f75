"""What the room tells people about."""

from __future__ import annotations

from preau.notifications import topics
from preau.notifications.topics import Topic

PAID = topics.register(
    Topic(
        "payments.paid",
        "Mes paiements",
        "Une somme que vous deviez est payée, ou change après coup.",
    ),
    order=45,
)
INCIDENTS = topics.register(
    Topic(
        "payments.incidents",
        "Incidents de paiement",
        "Double paiement, paiement d’une réservation annulée, réponse inconnue de PayFiP : la"
        " régie doit s’en occuper.",
        mandatory=True,
    ),
    order=46,
)
