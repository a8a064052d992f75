"""Closed lists of workshops, and the transitions allowed."""

from __future__ import annotations

from django.db.models import TextChoices


class WorkshopState(TextChoices):
    ANNOUNCED = "annonce", "Annoncé"
    HELD = "tenu", "Tenu"
    CONCLUDED = "conclu", "Conclu"
    CANCELLED = "annule", "Annulé"


W = WorkshopState

WORKSHOP_TRANSITIONS: dict[WorkshopState, frozenset[WorkshopState]] = {
    W.ANNOUNCED: frozenset({W.HELD, W.CANCELLED}),
    W.HELD: frozenset({W.CONCLUDED}),
    W.CONCLUDED: frozenset(),
    W.CANCELLED: frozenset(),
}


class GuestAnswer(TextChoices):
    NONE = "", "Sans réponse"
    YES = "oui", "Viendra"
    MAYBE = "peut_etre", "Viendra peut-être"
    NO = "non", "Ne viendra pas"
