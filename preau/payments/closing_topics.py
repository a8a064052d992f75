"""What people hear of refunds, deposits and papers, and how."""

from __future__ import annotations

from preau.notifications import topics
from preau.notifications.topics import Topic

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
