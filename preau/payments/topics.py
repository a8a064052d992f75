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
PAPERS = topics.register(
    Topic(
        "payments.papers",
        "Reçus et factures",
        "Un reçu, une facture ou un avoir vous attend.",
    ),
    order=42,
)
BACK = topics.register(
    Topic(
        "payments.back",
        "Remboursements et cautions",
        "Une somme vous est rendue, une caution est reçue, rendue ou retenue.",
        mandatory=True,
    ),
    order=43,
)
TO_DECIDE = topics.register(
    Topic(
        "payments.to_decide",
        "Remboursements et cautions à décider",
        "Pour la régie : un remboursement à approuver, un occupant qui répond.",
    ),
    order=44,
)
