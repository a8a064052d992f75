"""What has to be held, by whom, and where it could be."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.lookups import Exact

from preau.accounts.perms import Scope
from preau.directory.enums import ServiceFamily
from preau.timetables.enums import Part
from preau.timetables.models.timetables import Timetable


def working_days() -> list[int]:
    return [0, 1, 2, 3, 4]


def _days() -> ArrayField[list[int], list[int]]:
    item: models.PositiveSmallIntegerField[int, int] = models.PositiveSmallIntegerField()
    return ArrayField(item, verbose_name="jours (0 = lundi)", default=working_days)


class Mediator(models.Model):
    """Somebody who holds sittings, in one place or in several on one half-day."""

    timetable = models.ForeignKey(Timetable, models.CASCADE, related_name="mediators")
    name = models.CharField("nom", max_length=120)
    provider_name = models.CharField("structure", max_length=160, blank=True)
    email = models.EmailField("adresse électronique", blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    weekdays = _days()
    part = models.CharField("moment", max_length=12, choices=Part, default=Part.ANY)
    base = models.ForeignKey(
        "territories.Commune", models.PROTECT, null=True, blank=True, related_name="+"
    )
    most_from_base = models.PositiveSmallIntegerField("minutes depuis la base", default=60)
    most_places = models.PositiveSmallIntegerField("lieux par demi-journée", default=1)
    most_travel = models.PositiveSmallIntegerField("minutes de route entre les lieux", default=30)

    class Meta:
        verbose_name = "médiateur"
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["timetable", "name"],
                name="mediator_once",
                violation_error_message="Un médiateur porte déjà ce nom.",
            ),
            models.CheckConstraint(
                name="mediator_places",
                condition=Q(most_places__range=(1, 10)),
                violation_error_message="De 1 à 10 lieux par demi-journée.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def permission_scope(self) -> Scope:
        return self.timetable.permission_scope


class ServiceNeed(models.Model):
    """A service to be held so many times a cycle, wherever it serves most people."""

    timetable = models.ForeignKey(Timetable, models.CASCADE, related_name="needs")
    provider = models.ForeignKey(
        "accounts.Organization", models.PROTECT, null=True, blank=True, related_name="+"
    )
    provider_name = models.CharField("structure", max_length=160)
    # Who signs for it, in the agreement of each place.
    signatory_name = models.CharField("qui signe", max_length=120, blank=True)
    signatory_capacity = models.CharField("en qualité de", max_length=120, blank=True)
    signatory_email = models.EmailField("son adresse", blank=True)
    label = models.CharField("service", max_length=160)
    family = models.CharField(
        "famille", max_length=20, choices=ServiceFamily, default=ServiceFamily.PUBLIC_SOCIAL
    )
    theme = models.CharField("thème", max_length=120, blank=True)
    sessions = models.PositiveSmallIntegerField("permanences", default=1)
    minutes = models.PositiveSmallIntegerField("durée, en minutes", default=180)
    priority = models.PositiveSmallIntegerField("priorité", default=3)
    capacity = models.PositiveSmallIntegerField("personnes à accueillir", default=1)
    equipment = ArrayField(
        models.PositiveSmallIntegerField(), verbose_name="équipement", default=list, blank=True
    )
    needs_closed_room = models.BooleanField("pièce fermée (confidentialité)", default=False)
    weekdays = _days()
    part = models.CharField("moment", max_length=12, choices=Part, default=Part.ANY)
    mediator = models.ForeignKey(
        Mediator, models.SET_NULL, null=True, blank=True, related_name="needs"
    )

    class Meta:
        verbose_name = "besoin"
        ordering = ["provider_name", "label", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["timetable", "provider_name", "label"],
                name="need_once",
                violation_error_message="Ce service de cette structure figure déjà ici.",
            ),
            models.CheckConstraint(
                name="need_length",
                condition=Q(minutes__range=(30, 360)) & Q(Exact(F("minutes") % 15, 0)),
                violation_error_message="De 30 minutes à 6 heures, par quarts d’heure.",
            ),
            models.CheckConstraint(
                name="need_sessions",
                condition=Q(sessions__range=(1, 20)),
                violation_error_message="De 1 à 20 permanences.",
            ),
            models.CheckConstraint(
                name="need_priority",
                condition=Q(priority__range=(1, 5)),
                violation_error_message="La priorité va de 1 à 5.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label} ({self.provider_name})"

    @property
    def permission_scope(self) -> Scope:
        return self.timetable.permission_scope


class Candidate(models.Model):
    """A space where sittings may be held."""

    timetable = models.ForeignKey(Timetable, models.CASCADE, related_name="candidates")
    space = models.ForeignKey("places.Space", models.PROTECT, related_name="+")
    is_closed_room = models.BooleanField("pièce fermée", default=False)

    class Meta:
        verbose_name = "espace envisagé"
        ordering = ["space__place__name", "space__name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["timetable", "space"],
                name="candidate_once",
                violation_error_message="Cet espace est déjà dans la liste.",
            ),
        ]

    @property
    def permission_scope(self) -> Scope:
        return self.timetable.permission_scope
