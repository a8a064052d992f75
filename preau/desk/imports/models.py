"""A file of places, kept from its first reading to its import."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from preau.accounts.perms import Scope
from preau.core import clock
from preau.desk.imports.enums import PlaceImportState


class PlaceImport(models.Model):
    """What somebody sent, as text. It is read again each time: places change meanwhile."""

    organization = models.ForeignKey("accounts.Organization", models.PROTECT, related_name="+")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    file_name = models.CharField("fichier", max_length=200)
    text = models.TextField("contenu")
    publish = models.BooleanField("publier", default=False)
    state = models.CharField(
        "état", max_length=10, choices=PlaceImportState, default=PlaceImportState.READ
    )
    # Positions found by the geocoder: key of the place → [latitude, longitude].
    positions = models.JSONField("positions", default=dict)
    error = models.TextField("pourquoi rien n’a été importé", blank=True)
    # {"places", "spaces", "changed"}: how many.
    outcome = models.JSONField("résultat", default=dict)
    created_at = models.DateTimeField("lu le", default=clock.now)
    ended_at = models.DateTimeField("terminé le", null=True)

    class Meta:
        verbose_name = "import de lieux"
        indexes = [models.Index(fields=["organization", "-id"], name="place_import_of")]

    @property
    def permission_scope(self) -> Scope:
        return Scope(organization_id=self.organization_id)
