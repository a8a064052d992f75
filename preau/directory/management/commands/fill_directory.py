"""A sheet for every place already published."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from preau.directory.actions.following import follow_place
from preau.places.enums import Publication
from preau.places.models import Place


class Command(BaseCommand):
    help = "Fait une fiche d’annuaire pour chaque lieu publié qui n’en a pas."

    def handle(self, *args: Any, **options: Any) -> None:
        waiting = Place.objects.filter(publication=Publication.PUBLISHED, sheet=None)
        count = 0
        for place in waiting.select_related("owner", "commune").order_by("pk").iterator(500):
            follow_place(place)
            count += 1
        self.stdout.write(f"{count} fiche(s) faite(s).")
