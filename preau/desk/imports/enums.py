"""How far a file of places has come."""

from __future__ import annotations

from django.db.models import TextChoices


class PlaceImportState(TextChoices):
    READ = "lu", "Lu, rien n’est importé"
    RUNNING = "en_cours", "Import en cours"
    DONE = "fait", "Import terminé"
    FAILED = "echec", "Rien n’a été importé"
