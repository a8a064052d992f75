"""Closed lists of the desk."""

from __future__ import annotations

from django.db.models import TextChoices


class Moment(TextChoices):
    """When a room is looked at together."""

    ARRIVAL = "arrivee", "Arrivée"
    DEPARTURE = "depart", "Départ"


class ItemState(TextChoices):
    """What is found of one element of a room."""

    GOOD = "bon", "En bon état"
    WORN = "use", "Traces d’usage"
    DIRTY = "sale", "À nettoyer"
    DAMAGED = "abime", "Abîmé ou cassé"
    MISSING = "manque", "Manquant"


#: What the manager must hear of.
DAMAGE = frozenset({ItemState.DIRTY, ItemState.DAMAGED, ItemState.MISSING})


class Signer(TextChoices):
    """The two sides of an inventory."""

    HOST = "accueil", "Pour le lieu"
    OCCUPANT = "occupant", "Pour l’occupant"


class ImportState(TextChoices):
    """How far a file of existing bookings has come."""

    READ = "lu", "Lu, rien n’est importé"
    RUNNING = "en_cours", "Import en cours"
    DONE = "fait", "Import terminé"
    STOPPED = "arrete", "Import arrêté"
