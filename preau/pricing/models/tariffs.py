"""A grid of prices of an organisation, shared by as many places and spaces as it likes."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from preau.accounts.perms import Scope
from preau.core import clock
from preau.core.vat import VatRate, percent
from preau.places.enums import UserCategory
from preau.pricing.enums import RateUnit, Residence


class Tariff(models.Model):
    """The grid. Its hours say what a half-day, an evening and a day are, on the place's clock."""

    organization = models.ForeignKey(
        "accounts.Organization", models.PROTECT, related_name="tariffs"
    )
    name = models.CharField("nom", max_length=120)
    description = models.TextField("présentation", blank=True, max_length=2000)
    vat_note = models.CharField("mention de TVA", max_length=120, default="TVA non applicable")
    #: Inside its prices, which include it. None: no VAT is asked.
    vat_rate = models.PositiveSmallIntegerField(
        "taux de TVA", choices=VatRate, null=True, blank=True
    )
    minimum_cents = models.PositiveIntegerField("minimum de facturation", default=0)
    # Minutes since local midnight; the evening may end up to 4 h of the next day.
    morning_start = models.PositiveSmallIntegerField("début de la matinée", default=480)
    afternoon_start = models.PositiveSmallIntegerField("début de l’après-midi", default=780)
    evening_start = models.PositiveSmallIntegerField("début de la soirée", default=1080)
    evening_end = models.PositiveSmallIntegerField("fin de la soirée", default=1560)
    is_archived = models.BooleanField("archivé", default=False)
    # Grows at each edit: two people who edit at once do not erase each other.
    version = models.PositiveIntegerField("version", default=1)
    created_at = models.DateTimeField("créé le", default=clock.now)

    class Meta:
        verbose_name = "tarif"
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "name"],
                condition=Q(is_archived=False),
                name="tariff_name_once",
                violation_error_message="Un tarif porte déjà ce nom.",
            ),
            models.CheckConstraint(
                name="tariff_hours_in_order",
                condition=Q(afternoon_start__gt=F("morning_start"))
                & Q(evening_start__gt=F("afternoon_start"), evening_start__lt=1440)
                & Q(evening_end__gt=F("evening_start"), evening_end__lte=1680),
                violation_error_message="Les heures se suivent : matin, après-midi, soirée, et la "
                "soirée finit au plus tard à 4 h.",
            ),
            models.CheckConstraint(
                name="tariff_vat_rate_known",
                condition=Q(vat_rate=None) | Q(vat_rate__in=VatRate.values),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def permission_scope(self) -> Scope:
        return Scope(organization_id=self.organization_id)

    def vat_words(self, *, asked: bool) -> str:
        """What is read under the prices.

        Args:
            asked: whoever collects them asks VAT; else its rate is nobody's.
        """
        if self.vat_rate is None or not asked:
            return self.vat_note
        if self.vat_rate == VatRate.EXEMPT:
            return "Prix exonérés de TVA"
        return f"Prix toutes taxes comprises, dont TVA à {percent(self.vat_rate)}"


class TariffAssignment(models.Model):
    """Where a tariff holds: a whole place, or one space, whose own comes first."""

    tariff = models.ForeignKey(Tariff, models.PROTECT, related_name="assignments")
    place = models.OneToOneField(
        "places.Place", models.CASCADE, null=True, related_name="tariff_assignment"
    )
    space = models.OneToOneField(
        "places.Space", models.CASCADE, null=True, related_name="tariff_assignment"
    )

    class Meta:
        verbose_name = "application d’un tarif"
        constraints = [
            models.CheckConstraint(
                name="tariff_for_a_place_or_a_space",
                condition=Q(place=None, space__isnull=False) | Q(place__isnull=False, space=None),
            ),
        ]


class Season(models.Model):
    """A part of the year, both days included; it may run over the new year."""

    tariff = models.ForeignKey(Tariff, models.CASCADE, related_name="seasons")
    name = models.CharField("nom", max_length=60)
    # Month × 100 + day: 415 is 15 April.
    first_day = models.PositiveSmallIntegerField("du")
    last_day = models.PositiveSmallIntegerField("au (inclus)")

    class Meta:
        verbose_name = "saison"
        ordering = ["first_day", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["tariff", "name"],
                name="season_name_once",
                violation_error_message="Une saison porte déjà ce nom.",
            ),
            models.CheckConstraint(
                name="season_days_of_the_year",
                condition=Q(first_day__range=(101, 1231), last_day__range=(101, 1231)),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Rate(models.Model):
    """One price: for whom (empty means everyone), for what unit, in which season (null: always)."""

    tariff = models.ForeignKey(Tariff, models.CASCADE, related_name="rates")
    audience = models.CharField("pour qui", max_length=20, choices=UserCategory, blank=True)
    residence = models.CharField("d’où", max_length=12, choices=Residence, blank=True)
    unit = models.CharField("unité", max_length=14, choices=RateUnit)
    season = models.ForeignKey(Season, models.CASCADE, null=True, related_name="rates")
    amount_cents = models.PositiveIntegerField("montant")

    class Meta:
        verbose_name = "prix"
        constraints = [
            models.UniqueConstraint(
                fields=["tariff", "audience", "residence", "unit", "season"],
                name="rate_once",
                nulls_distinct=False,
                violation_error_message="Ce prix est déjà donné.",
            ),
            models.CheckConstraint(
                name="rate_values_known",
                condition=Q(unit__in=RateUnit.values)
                & Q(audience__in=["", *UserCategory.values])
                & Q(residence__in=["", *Residence.values]),
            ),
        ]


class Deposit(models.Model):
    """The deposit (caution) asked of a kind of payer, given back after the use."""

    tariff = models.ForeignKey(Tariff, models.CASCADE, related_name="deposits")
    audience = models.CharField("pour qui", max_length=20, choices=UserCategory, blank=True)
    residence = models.CharField("d’où", max_length=12, choices=Residence, blank=True)
    amount_cents = models.PositiveIntegerField("caution")

    class Meta:
        verbose_name = "caution"
        constraints = [
            models.UniqueConstraint(
                fields=["tariff", "audience", "residence"],
                name="deposit_once",
                violation_error_message="Cette caution est déjà donnée.",
            ),
        ]


class CancellationTier(models.Model):
    """What is due when the occupant cancels less than so many hours before the start."""

    tariff = models.ForeignKey(Tariff, models.CASCADE, related_name="cancellation_tiers")
    hours_before = models.PositiveIntegerField("moins de … heures avant")
    fee_percent = models.PositiveSmallIntegerField("part due, en %")

    class Meta:
        verbose_name = "palier d’annulation"
        ordering = ["-hours_before"]
        constraints = [
            models.UniqueConstraint(
                fields=["tariff", "hours_before"],
                name="cancellation_tier_once",
                violation_error_message="Ce délai est déjà donné.",
            ),
            models.CheckConstraint(
                name="cancellation_fee_is_a_part",
                condition=Q(fee_percent__range=(1, 100), hours_before__gte=1),
                violation_error_message="La part due va de 1 à 100 %.",
            ),
        ]
