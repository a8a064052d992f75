"""Closed lists of the timetables."""

from __future__ import annotations

from django.db.models import IntegerChoices, TextChoices


class TimetableState(TextChoices):
    DRAFT = "brouillon", "Brouillon"
    COMPUTING = "en_calcul", "En calcul"
    PROPOSED = "proposee", "Proposée"
    PUBLISHED = "publiee", "Publiée"
    TRIAL = "en_essai", "En essai"
    STOPPED = "arretee", "Arrêtée"


class Cycle(IntegerChoices):
    """How many weeks before the same week comes back."""

    WEEKLY = 1, "Toutes les semaines se ressemblent"
    FORTNIGHTLY = 2, "Semaines impaires et semaines paires diffèrent"


class Part(TextChoices):
    """Which half of the days suits a service."""

    ANY = "indifferent", "Matin ou après-midi"
    MORNING = "matin", "Le matin"
    AFTERNOON = "apres_midi", "L’après-midi"


class Source(TextChoices):
    SOLVER = "calcul", "Proposée par le calcul"
    HAND = "main", "Placée à la main"


class RunState(TextChoices):
    WAITING = "en_attente", "En attente"
    RUNNING = "en_cours", "En cours"
    DONE = "terminee", "Terminée"
    STOPPED = "arretee", "Arrêtée à votre demande"
    FAILED = "echouee", "Interrompue"


class HostingState(TextChoices):
    """What the people of a place said of the sittings held there."""

    ASKED = "demandee", "Demande envoyée"
    ACCEPTED = "acceptee", "Acceptée"
    REFUSED = "refusee", "Refusée"
    ENDED = "terminee", "Terminée"


#: States in which the grid may still be changed.
OPEN = frozenset({TimetableState.DRAFT, TimetableState.PROPOSED})
LIVE = frozenset({TimetableState.PUBLISHED, TimetableState.TRIAL})
