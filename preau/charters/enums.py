"""Closed lists of the room."""

from __future__ import annotations

from django.db.models import TextChoices


class CharterState(TextChoices):
    DRAFT = "brouillon", "En préparation"
    OPEN = "ouverte", "Ouverte aux adhésions"
    CLOSED = "fermee", "Fermée aux adhésions"


class AdhesionState(TextChoices):
    SIGNING = "en_signature", "En cours de signature"
    ACTIVE = "active", "Adhésion en vigueur"
    LAPSED = "non_confirmee", "Non confirmée, label retiré"
    SUSPENDED = "suspendue", "Suspendue"
    ENDED = "terminee", "Terminée"


class NetworkPlaceState(TextChoices):
    INVITED = "invite", "Invité"
    ACTIVE = "actif", "Dans le réseau"
    LEFT = "sorti", "Sorti du réseau"


class PriceRule(TextChoices):
    FREE = "gratuit", "Gratuit"
    FIXED = "forfait", "Prix d’une visite"


#: A place has one of these towards a charter at a time.
LIVE = (
    AdhesionState.SIGNING,
    AdhesionState.ACTIVE,
    AdhesionState.LAPSED,
    AdhesionState.SUSPENDED,
)
TRANSITIONS: dict[AdhesionState, frozenset[AdhesionState]] = {
    AdhesionState.SIGNING: frozenset({AdhesionState.ACTIVE, AdhesionState.ENDED}),
    AdhesionState.ACTIVE: frozenset(
        {AdhesionState.LAPSED, AdhesionState.SUSPENDED, AdhesionState.ENDED}
    ),
    AdhesionState.LAPSED: frozenset({AdhesionState.ACTIVE, AdhesionState.ENDED}),
    AdhesionState.SUSPENDED: frozenset({AdhesionState.ACTIVE, AdhesionState.ENDED}),
}
