"""What measuring needs and nobody can guess: when something changed, what a kilometre emits."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from preau.accounts.perms import Scope
from preau.core import clock


class PlannedChange(models.Model):
    """What was changed at a place, and from which day: occupancy is compared before and after."""

    place = models.ForeignKey("places.Place", models.CASCADE, related_name="capacity_changes")
    day = models.DateField("jour du changement")
    label = models.CharField("ce qui a changé", max_length=160)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField("noté le", default=clock.now)

    class Meta:
        verbose_name = "changement suivi"
        verbose_name_plural = "changements suivis"
        ordering = ["-day", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["place", "day", "label"],
                name="planned_change_once",
                violation_error_message="Ce changement est déjà noté à cette date.",
            ),
            models.CheckConstraint(name="planned_change_named", condition=~Q(label="")),
        ]

    @property
    def permission_scope(self) -> Scope:
        return self.place.permission_scope


class EmissionFactor(models.Model):
    """What a kilometre travelled to a place emits, all travellers together, with its source.

    None is given with the product: the operator enters the one in force, dated and sourced.
    """

    grams_per_km = models.DecimalField("g CO₂e par kilomètre", max_digits=7, decimal_places=2)
    since = models.DateField("en vigueur depuis le", unique=True)
    source = models.CharField("source", max_length=250)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    entered_at = models.DateTimeField("saisi le", default=clock.now)

    class Meta:
        verbose_name = "facteur d’émission"
        verbose_name_plural = "facteurs d’émission"
        ordering = ["-since"]
        constraints = [
            models.CheckConstraint(
                name="emission_factor_positive",
                condition=Q(grams_per_km__gt=0),
                violation_error_message="Le facteur est plus grand que zéro.",
            ),
            models.CheckConstraint(name="emission_factor_sourced", condition=~Q(source="")),
        ]
