"""A file of projects and its lines, kept: what each became, and what it can still be undone."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models

from preau.accounts.perms import NOWHERE, Scope
from preau.core import clock
from preau.portfolio.bringing.enums import BatchState, Expected, LineState
from preau.projects.enums import ProjectState


class ProjectBatch(models.Model):
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    #: The hat worn: the service whose projects they are.
    organization = models.ForeignKey(
        "accounts.Organization", models.PROTECT, null=True, related_name="+"
    )
    file_name = models.CharField("fichier", max_length=200)
    #: Whose names `external_id` are: "mec", or this service's own.
    system = models.CharField("système", max_length=40)
    headings = models.JSONField("titres des colonnes", default=list)
    #: One key of `columns.COLUMNS` for each heading, "" to leave it.
    mapping = models.JSONField("correspondances", default=list)
    #: Of the projects whose line says none.
    default_state = models.CharField(
        "état des projets", max_length=20, choices=ProjectState, default=ProjectState.ACKNOWLEDGED
    )
    state = models.CharField("état", max_length=12, choices=BatchState, default=BatchState.READ)
    total = models.PositiveIntegerField("lignes", default=0)
    done = models.PositiveIntegerField("lignes faites", default=0)
    stop_asked = models.BooleanField(default=False)
    created_at = models.DateTimeField("lu le", default=clock.now)
    ended_at = models.DateTimeField("terminé le", null=True)
    error = models.TextField("pourquoi elle s’est arrêtée", blank=True)

    class Meta:
        verbose_name = "reprise de projets"
        verbose_name_plural = "reprises de projets"
        indexes = [models.Index(fields=["organization", "-id"], name="project_batch_of")]
        constraints = [
            models.CheckConstraint(
                name="project_batch_done_within_total",
                condition=models.Q(done__lte=models.F("total")),
            ),
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def permission_scope(self) -> Scope:
        return Scope(
            organization_id=self.organization_id,
            holder_user_id=self.made_by_id if self.organization_id is None else None,
        )

    def values_of(self, cells: list[str]) -> dict[str, str]:
        """What a line says under each key."""
        pairs = zip(self.mapping, cells, strict=False)
        return {key: cell for key, cell in pairs if key and cell}


class BatchLine(models.Model):
    batch = models.ForeignKey(ProjectBatch, models.CASCADE, related_name="lines")
    number = models.PositiveIntegerField("ligne")
    cells = models.JSONField("contenu")
    state = models.CharField(max_length=10, choices=LineState, default=LineState.TO_DO)
    expected = models.CharField(max_length=14, choices=Expected, blank=True)
    #: [[column, sentence], …]: what is wrong, then what is worth knowing.
    problems = models.JSONField("à corriger", default=list)
    remarks = models.JSONField("à savoir", default=list)
    #: Not a foreign key: the project may have been taken back.
    project_id = models.BigIntegerField(null=True)
    #: When this line wrote it: anything later is somebody's work.
    written_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "ligne d’une reprise"
        verbose_name_plural = "lignes d’une reprise"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "number"], name="batch_line_once"),
        ]
        indexes = [models.Index(fields=["batch", "state", "number"], name="batch_line_state")]


class ColumnMemory(models.Model):
    """What a person said of a heading: offered again with their next file."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    heading = models.CharField(max_length=200)
    key = models.CharField(max_length=40, blank=True)

    class Meta:
        verbose_name = "correspondance d’une colonne"
        constraints = [
            models.UniqueConstraint(fields=["user", "heading"], name="column_memory_once"),
        ]


class PerimeterFile(models.Model):
    """A perimeter sent as a file (CRTE, or a programme): looked at, then applied."""

    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    #: Null: CRTE.
    programme = models.ForeignKey(
        "projects.Programme", models.PROTECT, null=True, blank=True, related_name="+"
    )
    file_name = models.CharField("fichier", max_length=200)
    on = models.DateField("à partir du")
    #: [[number, {column: text}], …]
    lines: Any = models.JSONField("lignes")
    created_at = models.DateTimeField("lu le", default=clock.now)
    applied_at = models.DateTimeField("appliqué le", null=True)
    outcome: Any = models.JSONField("résultat", default=dict)

    class Meta:
        verbose_name = "fichier de périmètres"
        verbose_name_plural = "fichiers de périmètres"

    def __str__(self) -> str:
        return self.file_name

    @property
    def permission_scope(self) -> Scope:
        return NOWHERE
