"""A question about a territory, and the travel times that may answer it."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from preau.accounts.perms import Scope
from preau.core import clock
from preau.directory.enums import Profile
from preau.siting.enums import Visibility


class SitingStudy(models.Model):
    """Where places of a profile would best stand in a territory. Its scenarios answer."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organization = models.ForeignKey(
        "accounts.Organization", models.PROTECT, related_name="siting_studies"
    )
    area_key = models.CharField("territoire", max_length=60)
    area_name = models.CharField("nom du territoire", max_length=260)
    title = models.CharField("titre", max_length=160)
    question = models.TextField("question posée", blank=True)
    profile = models.CharField("profil des lieux", max_length=20, choices=Profile)
    visibility = models.CharField(
        "qui la lit", max_length=10, choices=Visibility, default=Visibility.OWN
    )
    # Which communes and populations the study was opened on; a scenario says those it counted.
    territories_version = models.CharField(max_length=64, blank=True)
    directory_on = models.DateField("répertoire des lieux au")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField("créée le", default=clock.now)
    archived_at = models.DateTimeField("archivée le", null=True, blank=True)

    class Meta:
        verbose_name = "étude d’implantation"
        verbose_name_plural = "études d’implantation"
        indexes = [
            models.Index(fields=["organization", "-id"], name="siting_study_of"),
            models.Index(
                fields=["area_key"], condition=Q(visibility="publique"), name="siting_study_public"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="siting_study_titled",
                condition=~Q(title=""),
                violation_error_message="Donnez un titre à l’étude.",
            ),
            models.CheckConstraint(
                name="siting_study_visibility_known",
                condition=Q(visibility__in=Visibility.values),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def permission_scope(self) -> Scope:
        return Scope(organization_id=self.organization_id)


class TravelTimes(models.Model):
    """Minutes between communes, from a file; used instead of distances."""

    organization = models.ForeignKey(
        "accounts.Organization", models.CASCADE, related_name="travel_times"
    )
    name = models.CharField("nom", max_length=120)
    pairs = models.PositiveIntegerField("trajets")
    communes = models.PositiveIntegerField("communes")
    # Codes, then numbers of origins and destinations and minutes: see `travel.pack`.
    content = models.BinaryField(editable=False)
    digest = models.CharField(max_length=64)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField("envoyés le", default=clock.now)

    class Meta:
        verbose_name = "temps de trajet"
        verbose_name_plural = "temps de trajet"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "digest"],
                name="travel_times_once",
                violation_error_message="Ce fichier a déjà été envoyé.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def permission_scope(self) -> Scope:
        return Scope(organization_id=self.organization_id)
