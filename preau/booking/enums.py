"""States of a booking and the transitions allowed between them."""

from __future__ import annotations

from django.db.models import TextChoices


class BookingState(TextChoices):
    HELD = "retenue", "Créneau retenu"
    REQUESTED = "demandee", "En attente de réponse"
    CHANGE_ASKED = "a_modifier", "Modification demandée"
    CONFIRMED = "confirmee", "Confirmée"
    REFUSED = "refusee", "Refusée"
    CANCELLED = "annulee", "Annulée"
    EXPIRED = "expiree", "Sans réponse dans le délai"
    LAPSED = "abandonnee", "Abandonnée"


S = BookingState

#: from → to. A state without a line is final.
TRANSITIONS: dict[BookingState, frozenset[BookingState]] = {
    S.HELD: frozenset({S.REQUESTED, S.CONFIRMED, S.LAPSED}),
    S.REQUESTED: frozenset({S.CONFIRMED, S.REFUSED, S.CHANGE_ASKED, S.CANCELLED, S.EXPIRED}),
    S.CHANGE_ASKED: frozenset({S.REQUESTED, S.CONFIRMED, S.REFUSED, S.CANCELLED, S.EXPIRED}),
    S.CONFIRMED: frozenset({S.CANCELLED}),
    S.LAPSED: frozenset({S.HELD}),  # the same visitor comes back and the slot is still free
}

#: States in which the slot is taken.
BLOCKING = frozenset({S.HELD, S.REQUESTED, S.CHANGE_ASKED, S.CONFIRMED})
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
    ACCEPTED = "acceptee", "Demande acceptée"
    REFUSED = "refusee", "Demande refusée"
    CHANGE_ASKED = "modification_demandee", "Modification demandée"
    CHANGED = "modifiee", "Demande modifiée"
    MOVED = "deplacee", "Réservation déplacée"
    CANCELLED = "annulee", "Réservation annulée"
    EXPIRED = "expiree", "Demande restée sans réponse"
