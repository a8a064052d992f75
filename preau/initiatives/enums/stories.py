"""Closed lists of stories."""

from __future__ import annotations

from django.db.models import TextChoices


class StoryState(TextChoices):
    DRAFT = "brouillon", "Brouillon"
    PUBLISHED = "publie", "Publié"
    WITHDRAWN = "retire", "Retiré"


class Consent(TextChoices):
    NOBODY = "personne", "Personne n’est reconnaissable sur cette photo"
    AGREED = "accord", "Les personnes reconnaissables sont d’accord pour y figurer"
