"""What the desk keeps of its own: inventories of rooms, and files of bookings brought in."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from preau.accounts.perms import Scope
from preau.core import clock
from preau.core.timeranges import Period
from preau.desk.enums import DAMAGE, ImportState, ItemState, Moment


class Inventory(models.Model):
    """What a room is like when somebody comes in or leaves, signed by both sides.

    `sha256` freezes the contents at the first signature; nothing changes once both have signed,
    but `document`, which receives the file made of it. A trigger of the database keeps that.
    """

    occupancy = models.ForeignKey("availability.Occupancy", models.PROTECT, related_name="+")
    moment = models.CharField("moment", max_length=10, choices=Moment)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField("commencé le", default=clock.now)
    # [{"label", "quantity", "state", "remark"}], in the order they are looked at.
    items = models.JSONField("éléments", default=list)
    remarks = models.TextField("remarques", blank=True, max_length=2000)
    written_at = models.DateTimeField("rempli le", null=True)
    sha256 = models.CharField("empreinte", max_length=64, blank=True)
    host_name = models.CharField("signé pour le lieu par", max_length=120, blank=True)
    host_signed_at = models.DateTimeField("signé pour le lieu le", null=True)
    occupant_name = models.CharField("signé pour l’occupant par", max_length=120, blank=True)
    occupant_signed_at = models.DateTimeField("signé par l’occupant le", null=True)
    # The file made of it once both have signed, in the owner's vault.
    document = models.OneToOneField(
        "documents.Document", models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = "état des lieux"
        verbose_name_plural = "états des lieux"
        constraints = [
            models.UniqueConstraint(
                fields=["occupancy", "moment"],
                name="inventory_once",
                violation_error_message="Cet état des lieux existe déjà.",
            ),
            models.CheckConstraint(
                name="inventory_signed_is_frozen",
                condition=Q(host_signed_at=None, occupant_signed_at=None, sha256="")
                | Q(sha256__regex=r"^[0-9a-f]{64}$"),
            ),
            models.CheckConstraint(
                name="inventory_host_named",
                condition=Q(host_signed_at=None, host_name="")
                | Q(host_signed_at__isnull=False) & ~Q(host_name=""),
            ),
            models.CheckConstraint(
                name="inventory_occupant_named",
                condition=Q(occupant_signed_at=None, occupant_name="")
                | Q(occupant_signed_at__isnull=False) & ~Q(occupant_name=""),
            ),
        ]

    def __str__(self) -> str:
        return f"État des lieux ({self.get_moment_display().lower()})"

    @property
    def is_frozen(self) -> bool:
        """Whether somebody has signed: the contents no longer change."""
        return bool(self.sha256)

    @property
    def is_closed(self) -> bool:
        return self.host_signed_at is not None and self.occupant_signed_at is not None

    @property
    def damage(self) -> list[dict[str, Any]]:
        """What is not as it should be."""
        return [item for item in self.items if item["state"] in DAMAGE]

    @property
    def lines(self) -> list[tuple[dict[str, Any], str]]:
        return [(item, ItemState(item["state"]).label) for item in self.items]

    @property
    def permission_scope(self) -> Scope:
        place, holder = self.occupancy.place, self.occupancy
        alone = holder.holder_organization_id is None
        return Scope(
            organization_id=place.owner_id,
            place_id=place.pk,
            holder_user_id=holder.holder_user_id if alone else None,
            holder_organization_id=holder.holder_organization_id,
        )


class InventoryPhoto(models.Model):
    """A picture taken during an inventory. It is part of what both sides sign."""

    inventory = models.ForeignKey(Inventory, models.PROTECT, related_name="photos")
    file = models.ForeignKey("documents.StoredFile", models.PROTECT, related_name="+")
    thumbnail = models.ForeignKey("documents.StoredFile", models.PROTECT, related_name="+")
    caption = models.CharField("ce que montre la photo", max_length=200)
    created_at = models.DateTimeField("prise le", default=clock.now)

    class Meta:
        verbose_name = "photo d’état des lieux"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(name="inventory_photo_described", condition=~Q(caption="")),
        ]

    @property
    def permission_scope(self) -> Scope:
        return self.inventory.permission_scope


class ImportBatch(models.Model):
    """A file of existing bookings: read first, imported once somebody has looked at it."""

    place = models.ForeignKey("places.Place", models.PROTECT, related_name="+")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    file_name = models.CharField("fichier", max_length=200)
    state = models.CharField("état", max_length=10, choices=ImportState, default=ImportState.READ)
    created_at = models.DateTimeField("lu le", default=clock.now)
    started_at = models.DateTimeField("commencé le", null=True)
    ended_at = models.DateTimeField("terminé le", null=True)

    class Meta:
        verbose_name = "import"
        indexes = [models.Index(fields=["place", "-id"], name="import_of_place")]

    @property
    def permission_scope(self) -> Scope:
        return self.place.permission_scope


class ImportLine(models.Model):
    """One line of the file: what was read, what is wrong with it, what became of it."""

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="lines")
    number = models.PositiveIntegerField("ligne")
    # Names the use in the file it comes from: the same one twice is the same booking.
    key = models.CharField("repère", max_length=64, blank=True)
    space = models.ForeignKey("places.Space", models.PROTECT, null=True, related_name="+")
    starts_at = models.DateTimeField("début", null=True)
    ends_at = models.DateTimeField("fin", null=True)
    kind = models.CharField("nature", max_length=20, blank=True)
    facts = models.JSONField("ce qui a été lu", default=dict)
    error = models.TextField("ce qui ne va pas", blank=True)
    occupancy = models.ForeignKey(
        "availability.Occupancy", models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = "ligne d’import"
        ordering = ["number", "id"]
        constraints = [
            models.CheckConstraint(
                name="import_line_understood_or_said",
                condition=~Q(error="")
                | Q(space__isnull=False, starts_at__isnull=False, ends_at__isnull=False)
                & ~Q(key=""),
            ),
        ]

    @property
    def span(self) -> Period:
        assert self.starts_at is not None
        assert self.ends_at is not None
        return Period(self.starts_at, self.ends_at)


class ImportedUse(models.Model):
    """A use once brought into a place from a file: it is not brought in again."""

    place = models.ForeignKey("places.Place", models.PROTECT, related_name="+")
    key = models.CharField("repère", max_length=64)
    occupancy = models.OneToOneField("availability.Occupancy", models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "usage importé"
        constraints = [
            models.UniqueConstraint(fields=["place", "key"], name="imported_use_once"),
        ]


# The file of places stands in its own folder; Django looks for models here.
from preau.desk.imports.models import PlaceImport as PlaceImport  # noqa: E402, PLC0414
