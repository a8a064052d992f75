"""Write-once files, named by their content."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from preau.core import clock


class StoredFile(models.Model):
    """A file in the store. Its digest is its name: the same bytes are kept once, never changed."""

    sha256 = models.CharField("empreinte", max_length=64, unique=True)
    size = models.PositiveBigIntegerField("taille en octets")
    media_type = models.CharField("type", max_length=80)
    width = models.PositiveIntegerField("largeur", null=True, blank=True)
    height = models.PositiveIntegerField("hauteur", null=True, blank=True)
    created_at = models.DateTimeField("déposé le", default=clock.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    # When these bytes were last given: whoever gave them may be about to name them.
    given_at = models.DateTimeField("donné le", default=clock.now)
    # Until that day included, nothing removes the bytes (signed files and evidence only).
    locked_until = models.DateField("verrouillé jusqu’au", null=True, blank=True)

    class Meta:
        verbose_name = "fichier"
        constraints = [
            models.CheckConstraint(
                name="stored_file_sha256", condition=models.Q(sha256__regex=r"^[0-9a-f]{64}$")
            ),
        ]
