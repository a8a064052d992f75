"""Who was trained in what, and until when it holds."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from preau.accounts.perms import Scope
from preau.core import clock


class Training(models.Model):
    organization = models.ForeignKey("accounts.Organization", models.PROTECT, related_name="+")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name="personne"
    )
    title = models.CharField("formation", max_length=160)
    body = models.CharField("organisme", max_length=160, blank=True)
    followed_on = models.DateField("suivie le")
    hours = models.PositiveSmallIntegerField("durée, en heures")
    valid_until = models.DateField("valable jusqu’au", null=True, blank=True)
    reminded_on = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = "formation suivie"
        ordering = ["-followed_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "person", "title", "followed_on"],
                name="training_once",
                violation_error_message="Cette formation est déjà inscrite pour cette personne.",
            ),
            models.CheckConstraint(
                name="training_some_hours",
                condition=Q(hours__range=(1, 2000)),
                violation_error_message="Une formation dure au moins une heure.",
            ),
            models.CheckConstraint(
                name="training_days_in_order",
                condition=Q(valid_until=None) | Q(valid_until__gte=F("followed_on")),
                violation_error_message="La fin de validité suit la date de la formation.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_over(self) -> bool:
        zone = ZoneInfo(self.organization.commune.time_zone)
        return self.valid_until is not None and self.valid_until < clock.today(zone)

    @property
    def permission_scope(self) -> Scope:
        return Scope(organization_id=self.organization_id, holder_user_id=self.person_id)
