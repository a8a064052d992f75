"""What is shown of a figure."""

from __future__ import annotations

from django.db.models import TextChoices


class Shown(TextChoices):
    """Whether a count is published; a few is from one to four."""

    YES = "publie", "Publié"
    FEW = "peu", "moins de 5"
    MASKED = "masque", "masqué"
