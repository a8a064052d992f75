"""Networks of places: a member of one is recognised by the others, under the rules of each."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from preau.accounts.perms import Scope
from preau.charters.enums import NetworkPlaceState, PriceRule
from preau.core import clock

S = NetworkPlaceState


class Network(models.Model):
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    keeper = models.ForeignKey(
        "accounts.Organization", models.PROTECT, related_name="+", verbose_name="tenu par"
    )
    name = models.CharField("nom", max_length=120)
    purpose = models.TextField("à quoi il sert", max_length=2000)
    created_at = models.DateTimeField("créé le", default=clock.now)
    closed_at = models.DateTimeField("fermé le", null=True, blank=True)

    class Meta:
        verbose_name = "réseau"
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["keeper", "name"],
                name="network_name_once",
                violation_error_message="Un réseau de votre structure porte déjà ce nom.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("charters:network", args=[self.key])

    @property
    def permission_scope(self) -> Scope:
        return Scope(organization_id=self.keeper_id)


class NetworkPlace(models.Model):
    """A place of the network, and how it welcomes the members of the others."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    network = models.ForeignKey(Network, models.PROTECT, related_name="places")
    place = models.ForeignKey("places.Place", models.PROTECT, related_name="+")
    state = models.CharField("état", max_length=10, choices=S, default=S.INVITED)
    weekdays = ArrayField(
        models.PositiveSmallIntegerField(), verbose_name="jours (0 = lundi)", default=list
    )
    start_minute = models.PositiveSmallIntegerField("de", default=9 * 60)
    end_minute = models.PositiveSmallIntegerField("à", default=18 * 60)
    price = models.CharField("prix", max_length=10, choices=PriceRule, default=PriceRule.FREE)
    price_cents = models.PositiveIntegerField("prix d’une visite", default=0)
    visits_per_month = models.PositiveSmallIntegerField("visites par mois", null=True, blank=True)
    note = models.CharField("à savoir", max_length=300, blank=True)
    invited_at = models.DateTimeField("invité le", default=clock.now)
    joined_on = models.DateField("entré le", null=True, blank=True)
    left_on = models.DateField("sorti le", null=True, blank=True)

    class Meta:
        verbose_name = "lieu d’un réseau"
        ordering = ["place__name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["network", "place"],
                condition=~Q(state=S.LEFT),
                name="network_place_one_live",
                violation_error_message="Ce lieu est déjà dans le réseau, ou invité.",
            ),
            models.CheckConstraint(
                name="network_place_welcomes",
                condition=~Q(state=S.ACTIVE) | Q(weekdays__len__gte=1, joined_on__isnull=False),
                violation_error_message="Cochez au moins un jour d’accueil.",
            ),
            models.CheckConstraint(
                name="network_place_hours",
                condition=Q(end_minute__gt=F("start_minute"), end_minute__lte=1440),
                violation_error_message="L’heure de fin est après l’heure de début.",
            ),
            models.CheckConstraint(
                name="network_place_price",
                condition=Q(price=PriceRule.FREE, price_cents=0)
                | Q(price=PriceRule.FIXED, price_cents__gte=1),
                violation_error_message="Écrivez le prix d’une visite, ou choisissez « gratuit ».",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place} – {self.network}"

    @property
    def permission_scope(self) -> Scope:
        """The place's people; the keeper of the network is HOLDER."""
        return Scope(
            organization_id=self.place.owner_id,
            place_id=self.place_id,
            holder_organization_id=self.network.keeper_id,
        )


class PlaceMember(models.Model):
    """Somebody who belongs to a place: a subscriber, a volunteer. They accept it themselves."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    place = models.ForeignKey("places.Place", models.PROTECT, related_name="+")
    email = models.EmailField("adresse électronique")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+"
    )
    invited_at = models.DateTimeField("invité le", default=clock.now)
    accepted_at = models.DateTimeField("accepté le", null=True, blank=True)
    until = models.DateField("jusqu’au (inclus)")
    ended_on = models.DateField("terminé le", null=True, blank=True)

    class Meta:
        verbose_name = "membre d’un lieu"
        ordering = ["email", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["place", "email"],
                condition=Q(ended_on=None),
                name="place_member_one_live",
                violation_error_message="Cette personne est déjà membre, ou invitée.",
            ),
            models.CheckConstraint(
                name="place_member_accepted_by_somebody",
                condition=Q(accepted_at=None) | Q(user__isnull=False),
            ),
        ]

    @property
    def permission_scope(self) -> Scope:
        """The place's people, and the member."""
        return Scope(
            organization_id=self.place.owner_id,
            place_id=self.place_id,
            holder_user_id=self.user_id,
        )


class Passage(models.Model):
    """A member of one place welcomed by another: once a day."""

    member = models.ForeignKey(PlaceMember, models.CASCADE, related_name="passages")
    host = models.ForeignKey(NetworkPlace, models.PROTECT, related_name="passages")
    day = models.DateField("jour")
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        verbose_name = "passage"
        ordering = ["-day", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["member", "host", "day"], name="passage_once_a_day"),
        ]
