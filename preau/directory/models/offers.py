"""What is done for people in a place, and the labels it bears."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from preau.accounts.perms import Scope
from preau.core import clock
from preau.directory.enums import ServiceFamily, ServiceLevel
from preau.directory.models.sheets import Sheet


class ServiceOffer(models.Model):
    """A service rendered in a place, by its own people or by a provider that comes there."""

    sheet = models.ForeignKey(Sheet, models.CASCADE, related_name="services")
    family = models.CharField("famille", max_length=20, choices=ServiceFamily)
    # A theme of the data·inclusion schema ("numerique--acceder-a-ses-droits"), or "".
    theme = models.CharField("thème", max_length=120, blank=True)
    name = models.CharField("service", max_length=160)
    description = models.TextField("précisions", blank=True)
    level = models.CharField(
        "niveau", max_length=10, choices=ServiceLevel, default=ServiceLevel.BASIC
    )
    provider = models.ForeignKey(
        "accounts.Organization", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    provider_name = models.CharField("rendu par", max_length=160, blank=True)
    publics = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    fee = models.CharField("frais", max_length=120, blank=True)
    by_appointment = models.BooleanField("sur rendez-vous", default=False)
    when = models.CharField("quand", max_length=200, blank=True)  # "le mardi matin"
    external_id = models.CharField(max_length=120, blank=True)
    since = models.DateField("depuis le", null=True, blank=True)
    until = models.DateField("jusqu’au (inclus)", null=True, blank=True)

    class Meta:
        verbose_name = "service rendu"
        ordering = ["family", "name", "id"]
        indexes = [models.Index(fields=["theme"], name="service_offer_theme")]
        constraints = [
            models.CheckConstraint(
                name="service_offer_days",
                condition=Q(since=None) | Q(until=None) | Q(until__gte=F("since")),
                violation_error_message="La date de fin suit la date de début.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def permission_scope(self) -> Scope:
        return self.sheet.permission_scope


class Label(models.Model):
    """What a place is recognised for, written by the room that recognises it (a charter)."""

    sheet = models.ForeignKey(Sheet, models.CASCADE, related_name="labels")
    source = models.CharField(max_length=80, unique=True)  # "charter-adhesion:12"
    words = models.CharField("label", max_length=120)
    url = models.CharField("page", max_length=200, blank=True)
    since = models.DateField("depuis le")
    until = models.DateField("jusqu’au (inclus)", null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = "label"
        ordering = ["words"]
