"""States of a démarche here, and of a dossier sent to it."""

from __future__ import annotations

from django.db.models import TextChoices

from preau.integrations.demarches.states import State
from preau.projects.enums import FundingState


class ProcedureState(TextChoices):
    DRAFT = "en_preparation", "En préparation"
    PUBLISHED = "proposee", "Proposée aux porteurs"
    ARCHIVED = "retiree", "Retirée"


class Family(TextChoices):
    """Which ready-made mapping is proposed."""

    DETR_DSIL = "detr_dsil", "DETR ou DSIL"
    FONDS_VERT = "fonds_vert", "Fonds vert"
    FNADT = "fnadt", "FNADT"
    OTHER = "autre", "Autre démarche"


class DossierState(TextChoices):
    """The first two and the next two are ours; the others are the service's."""

    INTENDED = "intention", "Envoi commencé"
    FAILED = "non_cree", "Non créé"
    UNSURE = "incertain", "Création incertaine"
    PREFILLED = "prefilled", "À ouvrir"
    BROUILLON = "brouillon", "Brouillon"
    EN_CONSTRUCTION = "en_construction", "Déposé"
    EN_INSTRUCTION = "en_instruction", "En instruction"
    ACCEPTE = "accepte", "Accepté"
    REFUSE = "refuse", "Refusé"
    SANS_SUITE = "sans_suite", "Classé sans suite"
    EXPIRED = "expired", "Expiré"


D = DossierState
#: Not sent to those who decide yet: at most one a project and a démarche.
UNSENT = frozenset({D.INTENDED, D.PREFILLED, D.BROUILLON})
FILED = frozenset({D.EN_CONSTRUCTION, D.EN_INSTRUCTION})
DECIDED = frozenset({D.ACCEPTE, D.REFUSE, D.SANS_SUITE})
#: Nothing more is awaited of it.
OVER = frozenset({D.FAILED, D.UNSURE, D.EXPIRED})
#: The service has it, as far as we know.
THERE = frozenset({D.PREFILLED, D.BROUILLON}) | FILED | DECIDED

BADGES = {
    D.INTENDED: "waiting",
    D.FAILED: "error",
    D.UNSURE: "warning",
    D.PREFILLED: "new",
    D.BROUILLON: "info",
    D.EN_CONSTRUCTION: "waiting",
    D.EN_INSTRUCTION: "waiting",
    D.ACCEPTE: "success",
    D.REFUSE: "error",
    D.SANS_SUITE: "neutral",
    D.EXPIRED: "warning",
}


class Trouble(TextChoices):
    """Why a dossier was not created."""

    PAUSED = "pause", "Le service ne répondait plus : il n’a pas été appelé."
    DOWN = "panne", "Le service n’a pas répondu à temps."
    THROTTLED = "debordee", "Le service reçoit trop de demandes en ce moment."
    CLOSED = "fermee", "La démarche est fermée sur le service."
    REFUSED = "refuse", "Le service n’a pas accepté l’envoi."


#: What a dossier says of the request for money. « Accepté » waits for the amount: never guessed.
FUNDING: dict[DossierState, FundingState] = {
    D.EN_CONSTRUCTION: FundingState.ASKED,
    D.EN_INSTRUCTION: FundingState.ASKED,
    D.ACCEPTE: FundingState.ASKED,
    D.REFUSE: FundingState.REFUSED,
    D.SANS_SUITE: FundingState.WITHDRAWN,
}


def theirs(state: State) -> DossierState:
    return DossierState(state.value)
