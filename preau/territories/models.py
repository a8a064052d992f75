"""Regions, départements, EPCI, communes, CRTE and school holidays: reference data, from files."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeBoundary
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Now
from django.db.models.lookups import Regex

from preau.territories.enums import EpciKind, SchoolZone


class DateRange(Func):
    """`daterange(first, last, bounds)` for constraints."""

    function = "DATERANGE"
    output_field: Any = DateRangeField()


class Region(models.Model):
    code = models.CharField("code", max_length=3, primary_key=True)
    name = models.CharField("nom", max_length=100)

    class Meta:
        verbose_name = "région"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Departement(models.Model):
    """A département, or an overseas collectivity that stands for one (Nouvelle-Calédonie…)."""

    code = models.CharField("code", max_length=3, primary_key=True)
    name = models.CharField("nom", max_length=100)
    region = models.ForeignKey(Region, models.PROTECT, related_name="departements")
    school_zone = models.CharField("zone scolaire", max_length=24, choices=SchoolZone)
    time_zone = models.CharField("fuseau horaire", max_length=40)

    class Meta:
        verbose_name = "département"
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(school_zone__in=SchoolZone.values), name="departement_zone_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"


class Epci(models.Model):
    """An intercommunal body with its own taxes (communauté de communes, métropole…)."""

    siren = models.CharField("SIREN", max_length=9, primary_key=True)
    name = models.CharField("nom", max_length=200)
    kind = models.CharField("nature", max_length=5, choices=EpciKind)
    population = models.PositiveIntegerField("population municipale", default=0)
    #: Where most of its inhabitants live (an EPCI may spread over several départements).
    departement = models.ForeignKey(
        Departement, models.PROTECT, related_name="epcis", null=True, blank=True
    )
    #: False once it has left the yearly list: kept for those who point at it, offered no more.
    active = models.BooleanField("en vigueur", default=True)

    class Meta:
        verbose_name = "intercommunalité"
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=EpciKind.values), name="epci_kind_known"),
            models.CheckConstraint(
                condition=Regex(F("siren"), Value(r"^\d{9}$")), name="epci_siren_digits"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Commune(models.Model):
    #: INSEE code, not the postcode.
    code = models.CharField("code INSEE", max_length=5, primary_key=True)
    name = models.CharField("nom", max_length=100)
    #: `names.search_key(name)`: what people type is compared with it.
    search_key = models.CharField(max_length=100, editable=False)
    #: `names.typo_keys(search_key)`: finds the name through one typing error.
    typo_keys = ArrayField(models.CharField(max_length=8), editable=False)
    departement = models.ForeignKey(Departement, models.PROTECT, related_name="communes")
    epci = models.ForeignKey(Epci, models.SET_NULL, related_name="communes", null=True, blank=True)
    population = models.PositiveIntegerField("population municipale", default=0)
    #: Centre of the territory (in Polynésie, Nouvelle-Calédonie…: its main village).
    latitude = models.FloatField("latitude")
    longitude = models.FloatField("longitude")
    hall_latitude = models.FloatField("latitude de la mairie", null=True, blank=True)
    hall_longitude = models.FloatField("longitude de la mairie", null=True, blank=True)
    postcodes = ArrayField(models.CharField(max_length=5), verbose_name="codes postaux")
    #: First three and four figures of the postcodes: an index serves what is being typed.
    postcode_starts = ArrayField(models.CharField(max_length=4), default=list, editable=False)
    school_zone = models.CharField("zone scolaire", max_length=24, choices=SchoolZone)
    time_zone = models.CharField("fuseau horaire", max_length=40)
    official_email = models.EmailField("adresse électronique de la mairie", blank=True, default="")
    #: False once merged into another: kept for those who point at it, offered no more.
    active = models.BooleanField("en vigueur", default=True)

    class Meta:
        verbose_name = "commune"
        ordering = ["name", "code"]
        indexes = [
            models.Index(
                OpClass(F("search_key"), name="varchar_pattern_ops"), name="commune_search_prefix"
            ),
            GinIndex(
                OpClass(F("search_key"), name="gin_trgm_ops"),
                name="commune_search_trigram",
                fastupdate=False,
            ),
            GinIndex(fields=["typo_keys"], name="commune_typo_keys", fastupdate=False),
            GinIndex(fields=["postcodes"], name="commune_postcodes", fastupdate=False),
            GinIndex(fields=["postcode_starts"], name="commune_postcode_starts", fastupdate=False),
            models.Index(fields=["-population"], name="commune_population"),
            models.Index(fields=["latitude", "longitude"], name="commune_position"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Regex(F("code"), Value(r"^\d[\dAB]\d{3}$")), name="commune_code_insee"
            ),
            models.CheckConstraint(
                condition=Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="commune_position_on_earth",
            ),
            models.CheckConstraint(
                condition=Q(hall_latitude__isnull=True, hall_longitude__isnull=True)
                | Q(
                    hall_latitude__isnull=False,
                    hall_longitude__isnull=False,
                    hall_latitude__range=(-90, 90),
                    hall_longitude__range=(-180, 180),
                ),
                name="commune_hall_on_earth",
            ),
            models.CheckConstraint(
                condition=Q(school_zone__in=SchoolZone.values), name="commune_zone_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.departement_id})"

    @property
    def main_postcode(self) -> str:
        return self.postcodes[0] if self.postcodes else ""

    @property
    def centre(self) -> tuple[float, float]:
        """Latitude and longitude of the town hall where known, of the territory otherwise."""
        if self.hall_latitude is not None and self.hall_longitude is not None:
            return self.hall_latitude, self.hall_longitude
        return self.latitude, self.longitude


class Crte(models.Model):
    """A contract between the State and a territory (contrat pour la réussite de la transition
    écologique). Its perimeter is its `CrteMembership` rows: it changes, and its past is kept."""

    #: As published ("crte-84-38-1"), not ours.
    code = models.CharField("identifiant", max_length=40, primary_key=True)
    name = models.CharField("nom", max_length=250)
    #: The one whose préfecture signs; some communes may lie in another.
    departement = models.ForeignKey(
        Departement, models.PROTECT, related_name="crtes", verbose_name="département"
    )
    signed_on = models.DateField("date de signature", null=True, blank=True)
    #: False once it has ended: kept for those who point at it, offered no more.
    active = models.BooleanField("en vigueur", default=True)

    class Meta:
        verbose_name = "CRTE"
        verbose_name_plural = "CRTE"
        ordering = ["name", "code"]

    def __str__(self) -> str:
        return self.name

    @property
    def region(self) -> Region:
        return self.departement.region


class CrteMembership(models.Model):
    """A commune in a CRTE, from `since` to the day before `until` (None: still in it)."""

    crte = models.ForeignKey(Crte, models.PROTECT, related_name="memberships")
    commune = models.ForeignKey(Commune, models.PROTECT, related_name="crte_memberships")
    since = models.DateField("depuis le")
    until = models.DateField("jusqu’au (exclu)", null=True, blank=True)

    class Meta:
        verbose_name = "commune d’un CRTE"
        verbose_name_plural = "communes d’un CRTE"
        ordering = ["crte", "commune", "since"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gt=F("since")),
                name="crte_membership_days_in_order",
                violation_error_message="Une commune ne peut pas quitter un CRTE avant d’y être"
                " entrée.",
            ),
            ExclusionConstraint(
                name="crte_membership_one_at_a_time",
                expressions=[
                    ("commune", "="),
                    (DateRange("since", "until", RangeBoundary()), "&&"),
                ],
                violation_error_message="Cette commune est déjà dans un CRTE à ces dates.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.commune_id} · {self.crte_id} · {self.since} – {self.until or ''}"


class SchoolHoliday(models.Model):
    """Official days without school in one zone, both ends included. Loaded, never typed."""

    zone = models.CharField("zone scolaire", max_length=24, choices=SchoolZone)
    name = models.CharField("nom", max_length=80)
    first_day = models.DateField("premier jour")
    last_day = models.DateField("dernier jour")

    class Meta:
        verbose_name = "vacances scolaires"
        verbose_name_plural = "vacances scolaires"
        ordering = ["zone", "first_day"]
        constraints = [
            models.CheckConstraint(
                condition=Q(first_day__lte=F("last_day")),
                name="school_holiday_days_in_order",
                violation_error_message="Le dernier jour ne peut pas précéder le premier.",
            ),
            models.CheckConstraint(
                condition=Q(zone__in=SchoolZone.values), name="school_holiday_zone_known"
            ),
            ExclusionConstraint(
                name="school_holiday_no_overlap",
                expressions=[
                    (
                        DateRange("first_day", "last_day", RangeBoundary(inclusive_upper=True)),
                        "&&",
                    ),
                    ("zone", "="),
                ],
                violation_error_message="D’autres vacances de cette zone couvrent déjà ces jours.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.get_zone_display()})"


class DataVersion(models.Model):
    """Which data file was loaded last: an unchanged file is not loaded again."""

    name = models.CharField(max_length=40, primary_key=True)
    digest = models.CharField(max_length=64)
    loaded_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "version de données"

    def __str__(self) -> str:
        return self.name
