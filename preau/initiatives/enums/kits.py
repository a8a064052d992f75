"""Closed lists of kits and of what is made with them."""

from __future__ import annotations

from django.db.models import TextChoices


class KitState(TextChoices):
    DRAFT = "brouillon", "Brouillon"
    PUBLISHED = "publie", "Publié"
    REPLACED = "remplace", "Remplacé"
    WITHDRAWN = "retire", "Retiré"


class SupportState(TextChoices):
    """A support counts once confirmed; taken back, nothing of it is kept."""

    PENDING = "a_confirmer", "À confirmer"
    GIVEN = "donne", "Donné"


class WordsState(TextChoices):
    """Words left with a support are read by the project's people before everybody."""

    NONE = "", "Sans mot"
    WAITING = "a_relire", "À relire"
    SHOWN = "publie", "Publié"
    HIDDEN = "ecarte", "Écarté"
