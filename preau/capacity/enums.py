"""Closed lists of the pages of capacity."""

from __future__ import annotations

from django.db.models import IntegerChoices, TextChoices

from preau.capacity.grids import Measure


class Shown(TextChoices):
    """What the picture of the week shows."""

    USEFUL = "libre", "Libre assez longtemps"
    OPEN = "ouvert", "Ouvert"
    USED = "occupe", "Occupé"

    def measure(self, useful: Measure) -> Measure:
        return {Shown.USEFUL: useful, Shown.OPEN: Measure.OPEN, Shown.USED: Measure.USED}[self]


class Useful(IntegerChoices):
    """The shortest free stretch that counts, in minutes."""

    SPACE = 0, "La durée minimale de l’espace, une heure au moins"
    TWO_HOURS = 120, "2 heures"
    HALF_DAY = 240, "4 heures"
