"""So many bookings or hours free of charge, for a holder and a stretch of time."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from preau.core import clock
from preau.places.enums import UserCategory
from preau.pricing.enums import QuotaKind, QuotaPer, Residence


class Quota(models.Model):
    """« Deux réservations gratuites par an pour les associations de la commune »."""

    tariff = models.ForeignKey("pricing.Tariff", models.CASCADE, related_name="quotas")
    audience = models.CharField("pour qui", max_length=20, choices=UserCategory, blank=True)
    residence = models.CharField("d’où", max_length=12, choices=Residence, blank=True)
    kind = models.CharField("quoi", max_length=14, choices=QuotaKind, default=QuotaKind.COUNT)
    # Bookings, or minutes.
    limit = models.PositiveIntegerField("combien")
    per = models.CharField("par", max_length=16, choices=QuotaPer, default=QuotaPer.YEAR)
    term_only = models.BooleanField("en période scolaire seulement", default=False)
    is_archived = models.BooleanField("retiré", default=False)

    class Meta:
        verbose_name = "quota de gratuité"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="quota_some",
                condition=Q(limit__gte=1),
                violation_error_message="Un quota offre au moins une réservation ou une heure.",
            ),
        ]


class QuotaUse(models.Model):
    """What a holder has used of a quota in one stretch (the week that begins on `window`…).

    A trigger adds them up, one transaction at a time for each holder, and refuses to pass
    the limit.
    """

    quota = models.ForeignKey(Quota, models.PROTECT, related_name="uses")
    organization = models.ForeignKey(
        "accounts.Organization", models.PROTECT, null=True, related_name="+"
    )
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    window = models.DateField("depuis le")
    occupancy = models.ForeignKey(
        "availability.Occupancy", models.CASCADE, related_name="quota_uses"
    )
    amount = models.PositiveIntegerField("réservations ou minutes")
    created_at = models.DateTimeField("pris le", default=clock.now)
    released_at = models.DateTimeField("rendu le", null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="quota_use_of_one_holder",
                condition=Q(organization=None, user__isnull=False)
                | Q(organization__isnull=False, user=None),
            ),
            models.CheckConstraint(name="quota_use_some", condition=Q(amount__gte=1)),
            models.UniqueConstraint(
                fields=["quota", "occupancy"],
                condition=Q(released_at=None),
                name="quota_use_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["quota", "window", "organization", "user"],
                condition=Q(released_at=None),
                name="quota_use_live",
            ),
        ]
