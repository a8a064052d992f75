"""Closed lists of campaigns."""

from __future__ import annotations

from django.db.models import TextChoices


class CampaignState(TextChoices):
    PREPARED = "preparee", "Préparée"
    OPEN = "ouverte", "Ouverte"
    SUCCEEDED = "reussie", "Réussie"
    LAPSED = "echue", "Échue"
    CANCELLED = "annulee", "Annulée"


_C = CampaignState
CAMPAIGN_MOVES: dict[CampaignState, frozenset[CampaignState]] = {
    _C.PREPARED: frozenset({_C.OPEN, _C.CANCELLED}),
    _C.OPEN: frozenset({_C.SUCCEEDED, _C.LAPSED, _C.CANCELLED}),
    _C.SUCCEEDED: frozenset(),
    _C.LAPSED: frozenset(),
    _C.CANCELLED: frozenset(),
}
ENDED = (_C.SUCCEEDED, _C.LAPSED, _C.CANCELLED)


class TargetKind(TextChoices):
    MONEY = "argent", "Argent"
    MATERIAL = "materiel", "Matériel"
    HOURS = "heures", "Heures de savoir-faire"


class PledgeState(TextChoices):
    UNCONFIRMED = "a_confirmer", "Adresse à confirmer"
    PROMISED = "promis", "Promis"
    CONFIRMED = "confirme", "Confirmé"
    RECEIVED = "recu", "Reçu"
    CANCELLED = "annule", "Annulé"


_P = PledgeState
PLEDGE_MOVES: dict[PledgeState, frozenset[PledgeState]] = {
    _P.UNCONFIRMED: frozenset({_P.PROMISED, _P.CANCELLED}),
    _P.PROMISED: frozenset({_P.CONFIRMED, _P.RECEIVED, _P.CANCELLED}),
    _P.CONFIRMED: frozenset({_P.RECEIVED, _P.CANCELLED}),
    _P.RECEIVED: frozenset(),
    _P.CANCELLED: frozenset(),
}
#: What the holder counts on; money is counted from reports alone.
COUNTED = (_P.CONFIRMED, _P.RECEIVED)
