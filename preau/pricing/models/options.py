"""What can be added to a booking: equipment that runs out, a service, a fixed charge."""

from __future__ import annotations

from django.contrib.postgres.fields import DateTimeRangeField
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import Q

from preau.accounts.perms import Scope
from preau.core import clock
from preau.places.enums import UserCategory
from preau.pricing.enums import OptionUnit, Residence


class Option(models.Model):
    """An option of a place (all its spaces, or some), or of a tariff (wherever it holds).

    The stock is one and the same everywhere the option is offered: a stage that several halls
    share is a tariff's option with a stock of 1.
    """

    organization = models.ForeignKey(
        "accounts.Organization", models.PROTECT, related_name="booking_options"
    )
    place = models.ForeignKey("places.Place", models.CASCADE, null=True, related_name="options")
    tariff = models.ForeignKey("pricing.Tariff", models.CASCADE, null=True, related_name="options")
    # None: every space of the place.
    spaces = models.ManyToManyField("places.Space", related_name="options", blank=True)
    name = models.CharField("nom", max_length=120)
    description = models.CharField("précision", max_length=250, blank=True)
    unit = models.CharField("prix", max_length=12, choices=OptionUnit, default=OptionUnit.BOOKING)
    amount_cents = models.PositiveIntegerField("montant", default=0)
    stock = models.PositiveIntegerField("nombre disponible", null=True, blank=True)
    is_archived = models.BooleanField("retirée", default=False)

    class Meta:
        verbose_name = "option"
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(
                name="option_of_a_place_or_a_tariff",
                condition=Q(place=None, tariff__isnull=False) | Q(place__isnull=False, tariff=None),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def permission_scope(self) -> Scope:
        return Scope(organization_id=self.organization_id, place_id=self.place_id)


class OptionPrice(models.Model):
    """Another price of an option for some payers."""

    option = models.ForeignKey(Option, models.CASCADE, related_name="prices")
    audience = models.CharField("pour qui", max_length=20, choices=UserCategory, blank=True)
    residence = models.CharField("d’où", max_length=12, choices=Residence, blank=True)
    amount_cents = models.PositiveIntegerField("montant")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["option", "audience", "residence"], name="option_price_once"
            ),
        ]


class OptionTaken(models.Model):
    """Some of an option's stock, for the time of an occupancy.

    A trigger locks the option and refuses more than its stock at any instant; another follows the
    occupancy when it moves. What counts is neither given back here nor released there.
    """

    option = models.ForeignKey(Option, models.PROTECT, related_name="taken")
    occupancy = models.ForeignKey(
        "availability.Occupancy", models.CASCADE, related_name="options_taken"
    )
    quantity = models.PositiveIntegerField("quantité")
    busy = DateTimeRangeField("période")
    created_at = models.DateTimeField("prise le", default=clock.now)
    released_at = models.DateTimeField("rendue le", null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="option_taken_some", condition=Q(quantity__gte=1)),
            models.UniqueConstraint(
                fields=["option", "occupancy"],
                condition=Q(released_at=None),
                name="option_taken_once",
            ),
        ]
        indexes = [
            GistIndex(
                fields=["option", "busy"],
                condition=Q(released_at=None),
                name="option_taken_busy",
            ),
        ]
