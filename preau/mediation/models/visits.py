"""Visits counted by theme. Nothing here can name anybody: no note, no hour, no age."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from preau.accounts.perms import Scope
from preau.core import clock
from preau.mediation.enums import Mode, Outcome, Theme


class Visit(models.Model):
    """Some people received on one day for the same things."""

    sheet = models.ForeignKey("directory.Sheet", models.PROTECT, related_name="+")
    departement_code = models.CharField(max_length=3)
    day = models.DateField("jour")
    themes = ArrayField(models.CharField(max_length=20, choices=Theme), verbose_name="thèmes")
    people = models.PositiveSmallIntegerField("personnes", default=1)
    #: Different services reached in that one visit: what « en une seule fois » measures.
    services = models.PositiveSmallIntegerField("services rendus en une fois", default=1)
    mode = models.CharField("mode", max_length=12, choices=Mode, default=Mode.ON_SITE)
    outcome = models.CharField("suite", max_length=10, choices=Outcome, default=Outcome.ANSWERED)
    # Commune alone, and only when the person says it; null is "unknown", told apart in figures.
    origin = models.ForeignKey(
        "territories.Commune", models.PROTECT, null=True, blank=True, related_name="+"
    )
    counted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(default=clock.now)
    #: A form sent twice counts once.
    token = models.UUIDField(default=uuid.uuid4, unique=True)

    class Meta:
        verbose_name = "visite"
        ordering = ["-day", "-id"]
        indexes = [
            models.Index(fields=["sheet", "day"], name="visit_of_sheet"),
            models.Index(fields=["departement_code", "day"], name="visit_of_departement"),
        ]
        constraints = [
            models.CheckConstraint(
                name="visit_for_something",
                condition=Q(themes__len__gte=1),
                violation_error_message="Cochez au moins un thème.",
            ),
            models.CheckConstraint(
                name="visit_of_some",
                condition=Q(people__range=(1, 500), services__range=(1, 20)),
                violation_error_message="Une ligne compte de 1 à 500 personnes.",
            ),
        ]

    @property
    def permission_scope(self) -> Scope:
        return self.sheet.permission_scope
