"""Closed lists of the room of money."""

from __future__ import annotations

from django.db.models import TextChoices


class OfficeMode(TextChoices):
    """How an office collects what is due to it."""

    FREE = "gratuit", "Gratuit : rien n’est demandé"
    REGIE = "regie", "Régie de recettes : en ligne par PayFiP, au guichet"
    TITRE = "titre", "Titre de recettes : le comptable public encaisse"
    TEST = "essai", "Démonstration : paiement d’essai, sans argent"


class Saisie(TextChoices):
    """PayFiP's own word for how far a collectivité has come with it."""

    TEST = "T", "Test"
    ACTIVATION = "X", "Activation"
    PRODUCTION = "W", "Production"


class PayWhen(TextChoices):
    """Whether a booking is sure before it is paid."""

    AT_BOOKING = "a_la_reservation", "Avant : la réservation est confirmée une fois payée"
    AFTER = "apres", "Après : la réservation est confirmée, la somme reste due"


class VatRegime(TextChoices):
    NOT_LIABLE = "non_assujetti", "Non assujetti à la TVA"
    SMALL = "franchise", "TVA non applicable, article 293 B du CGI"
    LIABLE = "assujetti", "Assujetti à la TVA"
    #: Of a sum due, never of an office: where the place stands decides.
    NO_VAT_THERE = "sans_objet", "TVA française non applicable là où est le lieu"


class Means(TextChoices):
    """How money came in."""

    CARD = "carte", "Carte bancaire"
    DEBIT = "prelevement", "Prélèvement"
    CASH = "especes", "Espèces"
    CHEQUE = "cheque", "Chèque"
    TRANSFER = "virement", "Virement"
    TEST = "essai", "Essai, sans argent"


#: What a person can hand over, or send, to an office.
COUNTER = (Means.CASH, Means.CHEQUE, Means.TRANSFER)


class DueState(TextChoices):
    OPEN = "a_payer", "À payer"
    PAID = "payee", "Payée"
    NOTHING = "sans_objet", "Plus rien à payer"


class LineKind(TextChoices):
    """What a line of a due is about."""

    HIRE = "location", "Location"
    OPTION = "option", "Option"
    FEE = "frais_annulation", "Somme gardée après annulation"
    DEPOSIT = "caution", "Caution"
    DAMAGE = "degradation", "Dégradation"
    OTHER = "autre", "Autre"


#: Not the price of anything: no VAT is asked on it.
UNTAXED = (LineKind.FEE, LineKind.DEPOSIT, LineKind.DAMAGE)


class Provider(TextChoices):
    PAYFIP = "payfip", "PayFiP"
    TEST = "essai", "Paiement d’essai"


class OperationState(TextChoices):
    """How far one try at a provider has come."""

    CREATED = "creee", "Ouverte"
    WAITING = "en_attente", "En attente du résultat"
    PAID = "payee", "Payée"
    REFUSED = "refusee", "Refusée par la banque"
    CANCELLED = "abandonnee", "Abandonnée"
    EXPIRED = "expiree", "Sans suite"
    TO_CHECK = "a_verifier", "À vérifier"


#: While one is there, nobody begins another for the same due.
LIVING = (OperationState.CREATED, OperationState.WAITING)


class Nature(TextChoices):
    """What an entry of the journal is."""

    IN = "encaissement", "Encaissement"
    REVERSAL = "contre_passation", "Annulation d’un encaissement"
    REFUND = "remboursement", "Remboursement"


class IncidentKind(TextChoices):
    GONE = "creneau_perdu", "Payé, mais la réservation n’existe plus"
    LATE = "tardif", "Payé après la fermeture du paiement"
    DOUBLE = "double", "Payé deux fois"
    AMOUNT = "montant", "Plus payé que ce qui est dû"
    BILLED = "titre_transmis", "Payé en ligne, et déjà facturé par titre"
    UNKNOWN = "code_inconnu", "Réponse que Préau ne connaît pas"
    CONTRADICTION = "contradiction", "Le prestataire se contredit"


#: Those that propose to give money back.
GIVES_BACK = (
    IncidentKind.GONE,
    IncidentKind.LATE,
    IncidentKind.DOUBLE,
    IncidentKind.AMOUNT,
)


class IncidentState(TextChoices):
    OPEN = "ouvert", "À traiter"
    REFUNDING = "remboursement", "Remboursement demandé"
    SETTLED = "regle", "Réglé"


#: Those that somebody still has to see to.
UNSETTLED = (IncidentState.OPEN, IncidentState.REFUNDING)


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
