"""What is known of the services outside: their last success, their last failures, a pause."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from preau.core import clock
from preau.outside.enums import Trouble


class ServiceState(models.Model):
    """One account at one service, and its circuit: closed, or open until a moment."""

    service = models.CharField("service", max_length=40)
    # Whose account, where each organisation has its own ("payfip": the collecting office).
    account = models.CharField("compte", max_length=80, blank=True)
    failures = models.PositiveIntegerField("échecs de suite", default=0)
    # Until then nobody asks; past it, one caller asks for all (who pushes it further).
    paused_until = models.DateTimeField("en pause jusqu’à", null=True)
    last_success_at = models.DateTimeField("dernier succès", null=True)
    last_failure_at = models.DateTimeField("dernier échec", null=True)

    class Meta:
        verbose_name = "état d’un service"
        constraints = [
            models.UniqueConstraint(fields=["service", "account"], name="outside_state_once"),
            models.CheckConstraint(
                name="outside_paused_after_failures",
                condition=Q(paused_until=None) | Q(failures__gt=0),
            ),
        ]


class ServiceFailure(models.Model):
    """A failed exchange, in a few words: never what was sent nor what was answered."""

    state = models.ForeignKey(ServiceState, models.CASCADE, related_name="troubles")
    trouble = models.CharField("échec", max_length=20, choices=Trouble)
    what = models.CharField("ce qui s’est passé", max_length=120)
    at = models.DateTimeField("date", default=clock.now)

    class Meta:
        verbose_name = "échec d’un service"
        indexes = [models.Index(fields=["state", "-id"], name="outside_failures")]


class CompanyCard(models.Model):
    """What the register of companies said of a number, that day; kept to be asked less."""

    number = models.CharField("SIREN ou SIRET", max_length=14, primary_key=True)
    #: `companies.Card`, without its date; empty when nobody has this number.
    said = models.JSONField(default=dict)
    at = models.DateTimeField("lue le")

    class Meta:
        verbose_name = "réponse de l’annuaire des entreprises"
        constraints = [
            models.CheckConstraint(
                name="outside_card_of_a_number",
                condition=Q(number__regex=r"^[0-9]{9}([0-9]{5})?$"),
            ),
        ]
        indexes = [models.Index(fields=["at"], name="outside_card_age")]


class FieldSource(models.Model):
    """Where one field of a thing comes from. What a person wrote since wins: the field itself is
    never written here; a later, different word of the source is offered until somebody decides.
    """

    subject_type = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=40)
    field = models.CharField("champ", max_length=40)
    #: Key of the service ("companies").
    source = models.CharField(max_length=40)
    #: What it said, and when it last said so.
    said = models.CharField("ce que dit la source", max_length=400)
    at = models.DateTimeField("lue le")
    #: When it says something else than it did: what waits for a person; "" when nothing does.
    offered = models.CharField("proposé", max_length=400, blank=True)
    offered_at = models.DateTimeField("proposé le", null=True, blank=True)

    class Meta:
        verbose_name = "provenance d’un champ"
        constraints = [
            models.UniqueConstraint(
                fields=["subject_type", "subject_id", "field"], name="outside_one_source"
            ),
            models.CheckConstraint(
                name="outside_offer_is_dated",
                condition=Q(offered="", offered_at=None)
                | (~Q(offered="") & Q(offered_at__isnull=False)),
            ),
        ]
        indexes = [models.Index(fields=["source", "at"], name="outside_oldest_source")]
