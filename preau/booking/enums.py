"""States of a booking and the transitions allowed between them."""

from __future__ import annotations

from django.db.models import TextChoices


class BookingState(TextChoices):
    HELD = "retenue", "Créneau retenu"
    REQUESTED = "demandee", "En attente de réponse"
    CHANGE_ASKED = "a_modifier", "Modification demandée"
    TO_COMPLETE = "a_completer", "Acceptée, à compléter"
    CONFIRMED = "confirmee", "Confirmée"
    REFUSED = "refusee", "Refusée"
    CANCELLED = "annulee", "Annulée"
    EXPIRED = "expiree", "Sans réponse dans le délai"
    LAPSED = "abandonnee", "Abandonnée"


S = BookingState

#: from → to. A state without a line is final.
TRANSITIONS: dict[BookingState, frozenset[BookingState]] = {
    S.HELD: frozenset({S.REQUESTED, S.TO_COMPLETE, S.CONFIRMED, S.LAPSED}),
    S.REQUESTED: frozenset(
        {S.TO_COMPLETE, S.CONFIRMED, S.REFUSED, S.CHANGE_ASKED, S.CANCELLED, S.EXPIRED}
    ),
    S.CHANGE_ASKED: frozenset(
        {S.REQUESTED, S.TO_COMPLETE, S.CONFIRMED, S.REFUSED, S.CANCELLED, S.EXPIRED}
    ),
    S.TO_COMPLETE: frozenset({S.CONFIRMED, S.REFUSED, S.CANCELLED, S.EXPIRED}),
    S.CONFIRMED: frozenset({S.CANCELLED}),
    S.LAPSED: frozenset({S.HELD}),  # the same visitor comes back and the slot is still free
}

#: States in which the slot is taken.
BLOCKING = frozenset({S.HELD, S.REQUESTED, S.CHANGE_ASKED, S.TO_COMPLETE, S.CONFIRMED})
#: An answer is due: from the approvers, or from who asked.
UNANSWERED = frozenset({S.REQUESTED, S.CHANGE_ASKED})
#: Accepted, whether or not everything is there.
ACCEPTED = frozenset({S.TO_COMPLETE, S.CONFIRMED})
#: Before the request: nobody but the visitor sees it.
UNSENT = frozenset({S.HELD, S.LAPSED})


class Side(TextChoices):
    """Who ended a booking."""

    OCCUPANT = "occupant", "L’occupant"
    MANAGER = "gestionnaire", "Le gestionnaire"


class Change(TextChoices):
    """What has just happened to a booking: what the people concerned are told."""

    REQUESTED = "demandee", "Demande envoyée"
    CONFIRMED_AT_ONCE = "confirmee_directement", "Réservation confirmée"
    BROUGHT_IN = "reprise", "Réservation reprise d’un autre agenda"
    PASSED_ON = "transmise", "Premier accord donné"
    ACCEPTED = "acceptee", "Demande acceptée"
    TO_COMPLETE = "a_completer", "Demande acceptée, à compléter"
    COMPLETED = "completee", "Réservation confirmée, tout est réuni"
    REFUSED = "refusee", "Demande refusée"
    CHANGE_ASKED = "modification_demandee", "Modification demandée"
    CHANGED = "modifiee", "Demande modifiée"
    MOVED = "deplacee", "Réservation déplacée"
    DOCUMENT_REJECTED = "piece_a_remplacer", "Pièce à remplacer"
    DATES_CHANGED = "dates_modifiees", "Dates modifiées"
    CHANGE_WANTED = "changement_demande", "Changement demandé par l’occupant"
    CHANGE_ACCEPTED = "changement_accepte", "Changement accepté"
    CHANGE_REFUSED = "changement_refuse", "Changement refusé"
    CHANGE_WITHDRAWN = "changement_retire", "Changement retiré par l’occupant"
    CHANGE_EXPIRED = "changement_expire", "Changement resté sans réponse"
    PRICE_SET = "prix_fixe", "Prix fixé par le gestionnaire"
    CANCELLED = "annulee", "Réservation annulée"
    EXPIRED = "expiree", "Demande restée sans réponse"
    NOT_COMPLETED = "non_completee", "Demande restée incomplète"


class DateState(TextChoices):
    """What became of one date of a booking."""

    PLANNED = "prevue", "Prévue"
    CANCELLED = "annulee", "Annulée"
    NO_SHOW = "absence", "Personne n’est venu"


class Frequency(TextChoices):
    """How a series comes back."""

    WEEKLY = "semaine", "Chaque semaine"
    FORTNIGHTLY = "quinzaine", "Une semaine sur deux"
    MONTHLY = "mois", "Chaque mois, le même jour de la semaine"


class Approver(TextChoices):
    """Whose accord a step of the chain asks for."""

    ANY = "gestionnaire", "Gestionnaire du lieu"
    HEAD_OF_SCHOOL = "chef_etablissement", "Chef d’établissement"
    OPERATOR = "exploitant", "Exploitant du lieu"
    OWNER = "proprietaire", "Structure propriétaire"


class ApprovalState(TextChoices):
    LATER = "ensuite", "À venir"
    WAITING = "en_attente", "En attente"
    GIVEN = "donne", "Accord donné"
    REFUSED = "refuse", "Refusé"


class PieceState(TextChoices):
    """Where a required document stands."""

    PROVIDED = "fournie", "Fournie, à vérifier"
    ACCEPTED = "acceptee", "Acceptée"
    REJECTED = "a_remplacer", "À remplacer"


class WaitingState(TextChoices):
    """Where somebody stands in a waiting list."""

    WAITING = "en_attente", "En attente"
    OFFERED = "proposee", "Créneau proposé"
    TAKEN = "obtenue", "Créneau obtenu"
    LEFT = "quittee", "Quittée"
    OVER = "passee", "Créneau passé"


class ChangeRequestState(TextChoices):
    """A change asked of a booking already accepted."""

    ASKED = "demandee", "Demandée"
    ACCEPTED = "acceptee", "Acceptée"
    REFUSED = "refusee", "Refusée"
    WITHDRAWN = "retiree", "Retirée"
    EXPIRED = "expiree", "Sans réponse dans le délai"
