"""The clause library: national models, the copies that organisations make, their versions."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from preau.accounts.perms import Scope
from preau.agreements.enums import (
    ClauseKind,
    ClauseTable,
    Condition,
    Gate,
    LegalCase,
    VersionState,
)
from preau.core import clock


class Model(models.Model):
    """A model of agreement. Without an organisation it is national: everyone may copy it."""

    organization = models.ForeignKey(
        "accounts.Organization",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="agreement_models",
    )
    case = models.CharField("cas", max_length=20, choices=LegalCase)
    name = models.CharField("nom", max_length=120)
    is_archived = models.BooleanField("archivé", default=False)
    #: The national version this was copied from, or last compared with.
    base = models.ForeignKey(
        "ModelVersion", models.PROTECT, null=True, blank=True, related_name="copies"
    )
    created_at = models.DateTimeField("créé le", default=clock.now)

    class Meta:
        verbose_name = "modèle de convention"
        verbose_name_plural = "modèles de convention"
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(organization=None),
                name="agreement_model_national_once",
            ),
            models.UniqueConstraint(
                fields=["organization", "name"],
                condition=Q(is_archived=False),
                name="agreement_model_name_once",
                violation_error_message="Un modèle de convention porte déjà ce nom.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_national(self) -> bool:
        return self.organization_id is None

    @property
    def permission_scope(self) -> Scope:
        return Scope(organization_id=self.organization_id)


class ModelVersion(models.Model):
    """One state of a model's text. Published, it never changes (trigger, 0001)."""

    model = models.ForeignKey(Model, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField("numéro")
    state = models.CharField(
        "état", max_length=10, choices=VersionState, default=VersionState.DRAFT
    )
    title = models.CharField("titre de la convention", max_length=160)
    legal_basis = models.CharField("fondement", max_length=250)
    #: What is checked before an agreement is drawn up from it.
    gates = ArrayField(models.CharField(max_length=30, choices=Gate), default=list, blank=True)
    note = models.CharField("ce qui change", max_length=250, blank=True)
    #: The digest of the data file a national version was loaded from; "" for an organisation's.
    source_digest = models.CharField(max_length=64, blank=True)
    published_at = models.DateTimeField("publiée le", null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = "version d’un modèle"
        verbose_name_plural = "versions des modèles"
        ordering: ClassVar = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["model", "number"], name="model_version_number"),
            models.UniqueConstraint(
                fields=["model"],
                condition=Q(state=VersionState.DRAFT),
                name="model_version_one_draft",
                violation_error_message="Un brouillon de ce modèle existe déjà.",
            ),
            models.CheckConstraint(
                name="model_version_published_coherent",
                condition=Q(state=VersionState.DRAFT, published_at=None)
                | Q(state=VersionState.PUBLISHED, published_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.model}, version {self.number}"

    @property
    def is_published(self) -> bool:
        return self.state == VersionState.PUBLISHED

    @property
    def permission_scope(self) -> Scope:
        return self.model.permission_scope


class Clause(models.Model):
    """An article or an annex: plain text, with named variables in braces."""

    version = models.ForeignKey(ModelVersion, models.CASCADE, related_name="clauses")
    position = models.PositiveSmallIntegerField("rang")
    kind = models.CharField("nature", max_length=10, choices=ClauseKind, default=ClauseKind.ARTICLE)
    #: Its name across versions and copies: « assurance ».
    key = models.SlugField("repère", max_length=40)
    title = models.CharField("titre", max_length=120)
    text = models.TextField("texte", blank=True)
    table = models.CharField("tableau", max_length=12, choices=ClauseTable, blank=True)
    legal_basis = models.CharField("fondement", max_length=250, blank=True)
    condition = models.CharField("quand", max_length=20, choices=Condition, blank=True)
    is_required = models.BooleanField("usuelle", default=False)
    #: A usual clause is not deleted: it stays, unwritten, with the reason given.
    removed_because = models.CharField("retirée, car", max_length=250, blank=True)

    class Meta:
        verbose_name = "clause"
        ordering: ClassVar = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "position"],
                name="clause_position",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.UniqueConstraint(
                fields=["version", "key"],
                name="clause_key_once",
                violation_error_message="Une clause porte déjà ce repère.",
            ),
            models.CheckConstraint(
                name="clause_says_something",
                condition=~Q(text="") | ~Q(table=""),
                violation_error_message="Écrivez le texte de la clause.",
            ),
            models.CheckConstraint(
                name="clause_usual_removed_with_reason",
                condition=Q(removed_because="") | Q(is_required=True),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_removed(self) -> bool:
        return self.removed_because != ""

    @property
    def permission_scope(self) -> Scope:
        return self.version.permission_scope
