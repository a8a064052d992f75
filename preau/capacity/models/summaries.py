"""Spare capacity worked out each night, so that a département or the country is read at once."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Func, Q

from preau.core import clock


class _MonthField(Func):
    """The first day of the month of a date."""

    function = "DATE_TRUNC"
    template = "%(function)s('month', %(expressions)s::timestamp)::date"
    output_field = models.DateField()


class CapacityMonth(models.Model):
    """A space that is its own root, in one month. Minutes are those of the whole space: an hour of
    a third of a hall is twenty of them.

    `grid` holds the rest (`grids`): by term or holidays, measure, weekday and hour.
    """

    pk = models.CompositePrimaryKey("departement_code", "month", "space_id")
    departement_code = models.CharField("département", max_length=3)
    month = models.DateField("mois")
    space_id = models.BigIntegerField("espace")
    place_id = models.BigIntegerField("lieu")
    owner_id = models.BigIntegerField("propriétaire")
    commune_id = models.CharField("commune", max_length=5)
    parts = models.PositiveSmallIntegerField("parties ou postes")
    square_metres = models.FloatField("m² des parties réservables", null=True)
    clock_minutes = models.PositiveIntegerField()
    open_minutes = models.PositiveIntegerField("minutes d’ouverture")
    used_minutes = models.PositiveIntegerField("minutes occupées")
    useful_minutes = models.PositiveIntegerField("minutes libres utiles")
    grid = models.BinaryField()

    class Meta:
        verbose_name = "capacité d’un espace par mois"
        constraints = [
            models.CheckConstraint(
                name="capacity_month_first_day", condition=Q(month=_MonthField(F("month")))
            ),
            models.CheckConstraint(
                name="capacity_month_adds_up",
                condition=Q(open_minutes__gte=F("used_minutes") + F("useful_minutes")),
            ),
        ]
        indexes = [models.Index(fields=["owner_id", "month"], name="capacity_month_owner")]


class AreaLevel(models.TextChoices):
    COMMUNE = "commune", "Commune"
    DEPARTEMENT = "departement", "Département"


class CapacityArea(models.Model):
    """The spaces of a commune or of a département together, in one month.

    Larger territories add départements up, intercommunalities and contracts their communes.
    """

    pk = models.CompositePrimaryKey("level", "code", "month")
    level = models.CharField(max_length=12, choices=AreaLevel)
    code = models.CharField(max_length=5)
    month = models.DateField("mois")
    departement_code = models.CharField("département", max_length=3)
    spaces = models.PositiveIntegerField("espaces")
    places = models.PositiveIntegerField("lieux")
    opened = models.PositiveIntegerField("espaces ouverts au moins une heure")
    without_surface = models.PositiveIntegerField("espaces de surface inconnue")
    grids = models.BinaryField()

    class Meta:
        verbose_name = "capacité d’un territoire par mois"
        indexes = [
            models.Index(fields=["departement_code", "month"], name="capacity_area_departement")
        ]


class CapacityRun(models.Model):
    """When the summaries of a département were last worked out, and how much had changed."""

    departement_code = models.CharField("département", max_length=3, primary_key=True)
    finished_at = models.DateTimeField("terminé le", default=clock.now)
    first_month = models.DateField("premier mois")
    last_month = models.DateField("dernier mois")
    spaces = models.PositiveIntegerField("espaces")
    written = models.PositiveIntegerField("mois d’espace écrits")

    class Meta:
        verbose_name = "calcul de la capacité"
