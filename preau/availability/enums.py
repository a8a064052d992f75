"""Closed lists of the engine."""

from __future__ import annotations

from django.db.models import TextChoices


class When(TextChoices):
    """On which days an opening rule speaks."""

    ALWAYS = "toujours", "Toute l’année"
    TERM = "periode_scolaire", "En période scolaire"
    SCHOOL_HOLIDAYS = "vacances", "Pendant les vacances scolaires"


class Effect(TextChoices):
    OPEN = "ouvert", "Ouvert"
    CLOSED = "ferme", "Fermé"


class OccupancyKind(TextChoices):
    BOOKING = "reservation", "Réservation"
    OWN_USE = "usage_propre", "Usage du propriétaire"
    CLOSURE = "fermeture", "Fermeture"
    RESIDENCY = "permanence", "Permanence"
