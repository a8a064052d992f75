"""Closed lists of what follows money: deposits, what is given back, papers."""

from __future__ import annotations

from django.db.models import TextChoices


class DepositState(TextChoices):
    """Where a deposit (caution) stands."""

    WANTED = "attendue", "Attendue"
    HELD = "detenue", "Reçue"
    PROPOSED = "retenue_annoncee", "Retenue annoncée"
    RETURNED = "rendue", "Rendue"
    KEPT_IN_PART = "retenue_partie", "Retenue en partie"
    KEPT = "retenue", "Retenue en entier"
    DROPPED = "sans_objet", "Plus demandée"


#: While one of these, somebody still has something to do.
LIVE_DEPOSITS = (DepositState.WANTED, DepositState.HELD, DepositState.PROPOSED)
#: Money or a cheque of the occupant's lies at the office.
HELD_DEPOSITS = (DepositState.HELD, DepositState.PROPOSED)


class DepositMeans(TextChoices):
    """What the occupant handed over."""

    CHEQUE = "cheque", "Chèque, gardé sans être encaissé"
    CASH = "especes", "Espèces"
    TRANSFER = "virement", "Virement"
    DECLARED = "declaree", "Engagement écrit"


class RefundState(TextChoices):
    ASKED = "demande", "À approuver"
    APPROVED = "approuve", "Approuvé"
    EXPORTED = "transmis", "Transmis à la comptabilité"
    PAID = "verse", "Versé"
    REFUSED = "refuse", "Refusé"


#: Those that will be paid unless someone refuses: together never more than what was paid.
LIVE_REFUNDS = (RefundState.ASKED, RefundState.APPROVED, RefundState.EXPORTED)


class RefundCause(TextChoices):
    INCIDENT = "incident", "Payé en trop"
    CANCELLATION = "annulation", "Réservation annulée ou réduite"
    GOODWILL = "geste", "Geste commercial"
    OTHER = "autre", "Autre"


class PaperKind(TextChoices):
    RECEIPT = "recu", "Reçu"
    INVOICE = "facture", "Facture"
    CREDIT_NOTE = "avoir", "Avoir"


#: What each kind's numbers begin with.
LETTER = {PaperKind.RECEIPT: "R", PaperKind.INVOICE: "F", PaperKind.CREDIT_NOTE: "A"}
