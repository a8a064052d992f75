"""How a person hears of a topic by e-mail; the site's own list always has it."""

from __future__ import annotations

from django.db.models import TextChoices


class Channel(TextChoices):
    AT_ONCE = "tout_de_suite", "Tout de suite"
    DIGEST = "resume", "Dans le résumé du jour"
    NONE = "aucun", "Pas de courriel"
