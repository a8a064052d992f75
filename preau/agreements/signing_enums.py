"""Closed lists of signing."""

from __future__ import annotations

from django.db.models import TextChoices


class ProviderName(TextChoices):
    INTERNAL = "interne", "Signature simple de Préau"
    YOUSIGN = "yousign", "Yousign"


class RoundState(TextChoices):
    PREPARING = "preparation", "En préparation"
    OPEN = "ouvert", "Signatures en cours"
    SEALING = "scellement", "Scellement en cours"
    PROVING = "preuve", "Dossier de preuve en cours"
    DONE = "termine", "Signé par tous"
    REFUSED = "refuse", "Refusé par un signataire"
    EXPIRED = "expire", "Délai dépassé"
    CANCELLED = "annule", "Annulé"


#: Rounds that are not over.
LIVE_ROUNDS = (RoundState.PREPARING, RoundState.OPEN, RoundState.SEALING, RoundState.PROVING)


class SignatoryRole(TextChoices):
    OCCUPANT = "occupant", "Occupant"
    OWNER = "proprietaire", "Propriétaire"
    HEAD_OF_SCHOOL = "chef_etablissement", "Chef d’établissement"
    OTHER = "autre", "Autre partie"


class SignatoryState(TextChoices):
    WAITING = "en_attente", "Attend son tour"
    INVITED = "invite", "Invité à signer"
    IDENTIFIED = "identifie", "Identifié"
    CONSENTED = "consent", "Signature en cours"
    SIGNED = "signe", "A signé"
    REFUSED = "refuse", "A refusé"


IDENTIFIED_OR_LATER = (
    SignatoryState.IDENTIFIED,
    SignatoryState.CONSENTED,
    SignatoryState.SIGNED,
)
