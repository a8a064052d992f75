"""Who collects: a régie or a finance service, how, and by which means."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from preau.accounts.perms import Scope
from preau.core import clock
from preau.core.vat import VatRate
from preau.payments.enums import (
    COUNTER,
    Means,
    OfficeMode,
    PayWhen,
    Saisie,
    VatRegime,
)


def at_the_counter() -> list[str]:
    return [Means.CASH, Means.CHEQUE]


class CollectingOffice(models.Model):
    """An organisation's régie, or its finance service."""

    organization = models.ForeignKey("accounts.Organization", models.PROTECT, related_name="+")
    name = models.CharField("nom", max_length=120)
    mode = models.CharField("encaissement", max_length=10, choices=OfficeMode)
    #: For every place of the organisation that has no office of its own.
    is_default = models.BooleanField("pour tous les lieux de la structure", default=False)
    pay_when = models.CharField(
        "quand payer", max_length=20, choices=PayWhen, default=PayWhen.AT_BOOKING
    )
    numcli = models.CharField("numéro client PayFiP", max_length=6, blank=True)
    saisie = models.CharField("mode PayFiP", max_length=1, choices=Saisie, default=Saisie.TEST)
    counter_means = ArrayField(
        models.CharField(max_length=12, choices=Means),
        default=at_the_counter,
        blank=True,
        verbose_name="ce que l’on peut remettre au guichet",
    )
    counter_text = models.TextField("où et quand payer au guichet", max_length=500, blank=True)
    cheque_payee = models.CharField("ordre des chèques", max_length=120, blank=True)
    vat_regime = models.CharField(
        "TVA", max_length=14, choices=VatRegime, default=VatRegime.NOT_LIABLE
    )
    vat_number = models.CharField("numéro de TVA", max_length=14, blank=True)
    #: For what has no rate of its own: a price set by hand, a tariff without one.
    vat_rate = models.PositiveSmallIntegerField(
        "taux de TVA par défaut", choices=VatRate, null=True, blank=True
    )
    contact_name = models.CharField("régisseur", max_length=120, blank=True)
    contact_email = models.EmailField("son adresse électronique", blank=True)
    contact_phone = models.CharField("son téléphone", max_length=20, blank=True)
    created_at = models.DateTimeField("créé le", default=clock.now)
    closed_at = models.DateTimeField("fermé le", null=True, blank=True)

    class Meta:
        verbose_name = "régie ou service"
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization"],
                condition=Q(is_default=True, closed_at=None),
                name="office_one_default",
                violation_error_message="Une autre régie sert déjà tous les lieux.",
            ),
            models.CheckConstraint(
                name="office_numcli_six_digits",
                condition=Q(numcli__regex=r"^([0-9]{6})?$"),
                violation_error_message="Le numéro client PayFiP a six chiffres.",
            ),
            models.CheckConstraint(
                name="office_counter_means",
                condition=Q(counter_means__contained_by=[str(one) for one in COUNTER]),
            ),
            models.CheckConstraint(
                name="office_vat_number_when_liable",
                condition=~Q(vat_regime=VatRegime.LIABLE) | ~Q(vat_number=""),
                violation_error_message="Un assujetti porte son numéro de TVA sur ses factures.",
            ),
            models.CheckConstraint(
                name="office_vat_rate_when_liable",
                condition=~Q(vat_regime=VatRegime.LIABLE)
                | Q(vat_rate__isnull=False, vat_rate__in=VatRate.values),
                violation_error_message="Choisissez le taux des sommes qui n’en ont pas.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        """Where its days begin and end."""
        return ZoneInfo(self.organization.commune.time_zone)

    @property
    def asks(self) -> bool:
        """Whether anything is ever due to it."""
        return self.mode != OfficeMode.FREE

    @property
    def permission_scope(self) -> Scope:
        return Scope(organization_id=self.organization_id)


class OfficePlace(models.Model):
    """A place that has an office of its own, instead of its owner's default one."""

    place = models.OneToOneField("places.Place", models.CASCADE, related_name="+")
    office = models.ForeignKey(CollectingOffice, models.PROTECT, related_name="places")

    class Meta:
        verbose_name = "lieu d’une régie"


class Counter(models.Model):
    """The last number given in a series and a year. Taken in the transaction that uses it, so a
    number that was not used was not given: there is no gap."""

    series = models.CharField("série", max_length=60)
    year = models.PositiveSmallIntegerField("année")
    last = models.PositiveIntegerField("dernier numéro", default=0)

    class Meta:
        verbose_name = "compteur"
        constraints = [
            models.UniqueConstraint(fields=["series", "year"], name="payments_counter_once")
        ]
