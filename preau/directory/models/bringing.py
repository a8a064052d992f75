"""Lists of places that people send, line by line; what a list says of a sheet; open data files."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models

from preau.accounts.perms import NOWHERE, Scope
from preau.core import clock
from preau.directory.bringing.enums import BatchState, Doubles, Expected, Licence, LineState
from preau.directory.models.sheets import Sheet


class SheetBatch(models.Model):
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    #: The hat worn.
    organization = models.ForeignKey(
        "accounts.Organization", models.PROTECT, null=True, related_name="+"
    )
    file_name = models.CharField("fichier", max_length=200)
    #: A key of `formats.files.FORMATS`, or "tableau": its columns are matched by hand.
    format = models.CharField("format", max_length=20)
    #: Whose identifiers they are ("france-services"): a second import finds its sheets by them.
    source = models.CharField("liste", max_length=60)
    licence = models.CharField(
        "licence de la liste", max_length=10, choices=Licence, default=Licence.OPEN
    )
    headings = models.JSONField("titres des colonnes", default=list)
    mapping = models.JSONField("correspondances", default=list)
    #: What is said of every place of a table: {"kind": …, "main_profile": …, "services": […]}.
    defaults: Any = models.JSONField("pour tous les lieux", default=dict)
    doubles = models.CharField(
        "lieux déjà présents", max_length=10, choices=Doubles, default=Doubles.ATTACH
    )
    told = models.JSONField("à savoir du fichier", default=list)
    state = models.CharField("état", max_length=12, choices=BatchState, default=BatchState.READ)
    total = models.PositiveIntegerField("lignes", default=0)
    done = models.PositiveIntegerField("lignes faites", default=0)
    #: Bring in what can be although other lines are wrong: somebody asked for it.
    without_wrong = models.BooleanField(default=False)
    stop_asked = models.BooleanField(default=False)
    created_at = models.DateTimeField("lu le", default=clock.now)
    #: When whoever is at it last said so; null while it waits for a worker.
    told_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField("terminé le", null=True)
    error = models.TextField("pourquoi elle s’est arrêtée", blank=True)

    class Meta:
        verbose_name = "reprise d’une liste de lieux"
        verbose_name_plural = "reprises de listes de lieux"
        indexes = [models.Index(fields=["organization", "-id"], name="sheet_batch_of")]
        constraints = [
            models.CheckConstraint(
                name="sheet_batch_done_within_total",
                condition=models.Q(done__lte=models.F("total")),
            ),
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def list_name(self) -> str:
        """Without whose it is: lists of organisations are their own."""
        return self.source.partition("@")[0]

    @property
    def permission_scope(self) -> Scope:
        return Scope(
            organization_id=self.organization_id,
            holder_user_id=self.made_by_id if self.organization_id is None else None,
        )


class SheetLine(models.Model):
    batch = models.ForeignKey(SheetBatch, models.CASCADE, related_name="lines")
    number = models.PositiveIntegerField("ligne")
    cells: Any = models.JSONField("contenu")
    state = models.CharField(max_length=10, choices=LineState, default=LineState.TO_DO)
    expected = models.CharField(max_length=14, choices=Expected, blank=True)
    #: [[column, sentence], …]: what is wrong, then what is worth knowing.
    problems = models.JSONField("à corriger", default=list)
    remarks = models.JSONField("à savoir", default=list)
    #: Not a foreign key: the sheet may have been taken back.
    sheet_id = models.BigIntegerField(null=True)
    #: {"name": …, "reasons": […], "score": …} of the sheet that may be of the same place.
    like: Any = models.JSONField(null=True)
    #: The sheet before this line changed it, as our own CSV writes it.
    before: Any = models.JSONField(null=True)
    #: When this line wrote it: anything later is somebody's work.
    written_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "ligne d’une liste de lieux"
        verbose_name_plural = "lignes d’une liste de lieux"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "number"], name="sheet_line_once"),
        ]
        indexes = [models.Index(fields=["batch", "state", "number"], name="sheet_line_state")]


class ListColumn(models.Model):
    """What a heading of a list means: said once, offered again with the next file of that list."""

    source = models.CharField(max_length=60)
    heading = models.CharField(max_length=200)
    key = models.CharField(max_length=40, blank=True)

    class Meta:
        verbose_name = "colonne d’une liste"
        constraints = [
            models.UniqueConstraint(fields=["source", "heading"], name="list_column_once"),
        ]


class ListedFields(models.Model):
    """A line as its list has it: to see what the list changes next time, and to give it back."""

    sheet = models.ForeignKey(Sheet, models.CASCADE, related_name="listed")
    source = models.CharField(max_length=60)
    format = models.CharField(max_length=20)
    values: Any = models.JSONField()

    class Meta:
        verbose_name = "ligne connue d’une liste"
        constraints = [
            models.UniqueConstraint(fields=["sheet", "source"], name="listed_fields_once"),
        ]


class OpenDataFile(models.Model):
    """The latest file of one format, as the night made it."""

    format = models.CharField(max_length=20, unique=True)
    file = models.ForeignKey("documents.StoredFile", models.PROTECT, related_name="+")
    sheets = models.PositiveIntegerField("lieux")
    # Of lists whose licence forbids mixing, or that the schema of the format refuses.
    left_out = models.PositiveIntegerField("lieux écartés", default=0)
    made_at = models.DateTimeField("fait le", default=clock.now)

    class Meta:
        verbose_name = "fichier de données ouvertes"

    def __str__(self) -> str:
        return self.format

    @property
    def permission_scope(self) -> Scope:
        return NOWHERE
