"""Closed lists of siting studies and of the watch."""

from __future__ import annotations

from django.db.models import TextChoices


class Visibility(TextChoices):
    """Who reads a study, beyond its organisation."""

    OWN = "interne", "Réservée à votre structure"
    SHARED = "partagee", "Partagée par lien"
    PUBLIC = "publique", "Publique"


class ScenarioState(TextChoices):
    WAITING = "a_calculer", "À calculer"
    READY = "calcule", "Calculé"
    FAILED = "echec", "Calcul impossible"


class ProofState(TextChoices):
    """How far a result is known to be from the best."""

    BOUND = "borne", "Écart certifié"
    OPTIMAL = "optimal", "Meilleur choix, prouvé"
    STOPPED = "arrete", "Recherche arrêtée, écart certifié"


class RunKind(TextChoices):
    COMPUTE = "calcul", "Calcul"
    PROVE = "preuve", "Recherche du meilleur choix"


class RunState(TextChoices):
    WAITING = "en_attente", "En attente"
    RUNNING = "en_cours", "En cours"
    DONE = "termine", "Terminé"
    STOPPED = "arrete", "Arrêté"
    FAILED = "echec", "Échec"


LIVE_RUNS = (RunState.WAITING, RunState.RUNNING)


class WatchKind(TextChoices):
    GAP = "manque", "Commune mal desservie"
    PROJECT = "projet", "Projet"
    SHEET = "lieu", "Lieu"
    NOTE = "note", "Autre"


class WatchState(TextChoices):
    TO_FOLLOW = "a_suivre", "À suivre"
    ACTIVE = "en_cours", "En cours"
    CLOSED = "clos", "Clos"


WATCH_TRANSITIONS: dict[str, frozenset[str]] = {
    WatchState.TO_FOLLOW: frozenset({WatchState.ACTIVE, WatchState.CLOSED}),
    WatchState.ACTIVE: frozenset({WatchState.TO_FOLLOW, WatchState.CLOSED}),
    WatchState.CLOSED: frozenset({WatchState.TO_FOLLOW}),
}
