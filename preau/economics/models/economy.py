"""The economic model of a project: hypotheses at work, and versions kept with their result."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from preau.accounts.perms import Scope
from preau.core import clock


class EconomicModel(models.Model):
    """What is supposed today: `lines`, each a dictionary that `figuring` reads."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    project = models.ForeignKey("projects.Project", models.CASCADE, related_name="economic_models")
    name = models.CharField("nom", max_length=120)
    start_cents = models.PositiveBigIntegerField("trésorerie de départ", default=0)
    lines = models.JSONField("hypothèses", default=list)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField("créé le", default=clock.now)
    changed_at = models.DateTimeField("modifié le", default=clock.now)

    class Meta:
        verbose_name = "modèle économique"
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "name"],
                name="economic_model_name_once",
                violation_error_message="Un modèle de ce projet porte déjà ce nom.",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("economics:model", args=[self.key])

    @property
    def permission_scope(self) -> Scope:
        return self.project.permission_scope


class ModelVersion(models.Model):
    """Hypotheses as they were, the seed, and what came of them. Never changed."""

    model = models.ForeignKey(EconomicModel, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField("version")
    note = models.CharField("ce qui change", max_length=200, blank=True)
    start_cents = models.PositiveBigIntegerField(default=0)
    lines = models.JSONField("hypothèses")
    seed = models.PositiveIntegerField("graine")
    draws = models.PositiveIntegerField("tirages")
    result = models.JSONField("résultat")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    made_at = models.DateTimeField("calculée le", default=clock.now)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["model", "number"], name="model_version_once"),
            models.CheckConstraint(name="model_version_from_one", condition=Q(number__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.model}, version {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("economics:version", args=[self.model.key, self.number])

    @property
    def permission_scope(self) -> Scope:
        return self.model.permission_scope
