"""A project asks its neighbours for money, material, hours. No money is held here: it goes through
an outside platform, whose amounts the holder reports."""

from __future__ import annotations

import uuid
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from preau.accounts.perms import Scope
from preau.core import clock
from preau.initiatives.enums.campaigns import CampaignState, PledgeState, TargetKind

_C = CampaignState
_P = PledgeState


class Campaign(models.Model):
    """What it says is its own: its public page never shows the project's sheet."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    project = models.ForeignKey(
        "projects.Project", models.PROTECT, related_name="campaigns", verbose_name="projet"
    )
    title = models.CharField("titre", max_length=140)
    story = models.TextField("présentation", max_length=10_000, blank=True)
    #: As the public reads it, typed by the author.
    organizer = models.CharField("qui collecte", max_length=160, blank=True)
    commune = models.ForeignKey("territories.Commune", models.PROTECT, related_name="+")
    money_url = models.URLField("page de la collecte en argent", max_length=500, blank=True)
    starts_on = models.DateField("premier jour", null=True, blank=True)
    ends_on = models.DateField("dernier jour", null=True, blank=True)
    state = models.CharField("état", max_length=10, choices=CampaignState, default=_C.PREPARED)
    created_at = models.DateTimeField("préparée le", default=clock.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    #: Its author has said that it opens on its first day, by itself.
    is_ready = models.BooleanField(default=False)
    opened_at = models.DateTimeField("ouverte le", null=True, blank=True)
    ended_at = models.DateTimeField("terminée le", null=True, blank=True)
    end_reason = models.CharField("motif", max_length=1000, blank=True)
    #: E-mails of those who pledged were forgotten.
    forgotten_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "collecte"
        constraints = [
            models.CheckConstraint(name="campaign_state_known", condition=Q(state__in=_C.values)),
            models.CheckConstraint(
                name="campaign_days_in_order",
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                violation_error_message="Le dernier jour ne peut pas précéder le premier.",
            ),
            models.CheckConstraint(
                name="campaign_open_is_whole",
                condition=~Q(state__in=[_C.OPEN, _C.SUCCEEDED, _C.LAPSED])
                | (
                    ~Q(story="")
                    & ~Q(organizer="")
                    & Q(starts_on__isnull=False, ends_on__isnull=False, opened_at__isnull=False)
                ),
                violation_error_message="Il manque un renseignement pour ouvrir cette collecte.",
            ),
            models.CheckConstraint(
                name="campaign_end_is_dated",
                condition=Q(state__in=[_C.SUCCEEDED, _C.LAPSED, _C.CANCELLED])
                & Q(ended_at__isnull=False)
                | ~Q(state__in=[_C.SUCCEEDED, _C.LAPSED, _C.CANCELLED]) & Q(ended_at=None),
            ),
            models.CheckConstraint(
                name="campaign_cancelled_with_a_reason",
                condition=~Q(state=_C.CANCELLED) | ~Q(end_reason=""),
                violation_error_message="Écrivez le motif : celles et ceux qui ont promis le"
                " liront.",
            ),
        ]
        indexes = [
            models.Index(fields=["-opened_at", "-id"], name="campaign_newest"),
            models.Index(fields=["state", "ends_on"], name="campaign_by_clock"),
            models.Index(fields=["project"], name="campaign_of_project"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.commune.time_zone)

    @property
    def is_public(self) -> bool:
        """Opened once: its page stays, and says how it ended."""
        return self.opened_at is not None

    @property
    def is_open(self) -> bool:
        """Whether one may promise now: its last local day ends at midnight, whenever the clock's
        task comes by."""
        if self.state != _C.OPEN:
            return False
        return self.ends_on is None or clock.today(self.zone) <= self.ends_on

    @property
    def money_host(self) -> str:
        """Where the link leads, said before one follows it."""
        return (urlsplit(self.money_url).hostname or "").removeprefix("www.")

    @property
    def days_taken(self) -> int | None:
        """« 20 jours »: from the day it opened to the one when all was found; one at least."""
        if self.state != _C.SUCCEEDED or self.opened_at is None or self.ended_at is None:
            return None
        first = self.opened_at.astimezone(self.zone).date()
        return max(1, (self.ended_at.astimezone(self.zone).date() - first).days)

    @property
    def permission_scope(self) -> Scope:
        return Scope(project_id=self.project_id)


class Target(models.Model):
    """What is asked for: an amount in cents, so many things, so many hours."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="targets")
    kind = models.CharField("nature", max_length=10, choices=TargetKind)
    label = models.CharField("quoi", max_length=120)
    quantity = models.BigIntegerField("combien")
    unit = models.CharField("unité", max_length=30, blank=True)
    position = models.PositiveSmallIntegerField("rang", default=0)

    class Meta:
        verbose_name = "objectif d’une collecte"
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                name="target_of_something",
                condition=Q(quantity__gt=0, quantity__lte=100_000_000_000) & ~Q(label=""),
                violation_error_message="Écrivez combien, en chiffres.",
            ),
            models.UniqueConstraint(
                fields=["campaign"],
                condition=Q(kind=TargetKind.MONEY),
                name="target_one_of_money",
                violation_error_message="Cette collecte a déjà un objectif en argent.",
            ),
            models.UniqueConstraint(
                fields=["campaign", "kind", "label"],
                name="target_once",
                violation_error_message="Cet objectif existe déjà : changez sa quantité.",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def permission_scope(self) -> Scope:
        return self.campaign.permission_scope


class Pledge(models.Model):
    """Somebody promises a part of a target. Of money, it is a promise and no more."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    target = models.ForeignKey(Target, models.PROTECT, related_name="pledges")
    quantity = models.BigIntegerField("combien")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    organization = models.ForeignKey(
        "accounts.Organization", models.PROTECT, null=True, blank=True, related_name="+"
    )
    name = models.CharField("nom", max_length=160, blank=True)
    #: Of somebody without an account; emptied with the name a year after the campaign.
    email = models.EmailField("adresse électronique", blank=True)
    show_name = models.BooleanField("nom montré sur la page", default=False)
    message = models.CharField("mot", max_length=500, blank=True)
    state = models.CharField("état", max_length=12, choices=PledgeState, default=_P.PROMISED)
    created_at = models.DateTimeField(default=clock.now)
    updated_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = "apport"
        constraints = [
            models.CheckConstraint(name="pledge_state_known", condition=Q(state__in=_P.values)),
            models.CheckConstraint(
                name="pledge_of_something",
                condition=Q(quantity__gt=0, quantity__lte=100_000_000_000),
                violation_error_message="Écrivez combien, en chiffres.",
            ),
            models.CheckConstraint(
                name="pledge_unconfirmed_has_an_address",
                condition=~Q(state=_P.UNCONFIRMED) | ~Q(email=""),
            ),
        ]
        indexes = [
            models.Index(fields=["target", "state"], name="pledge_of_target"),
            models.Index(fields=["user"], name="pledge_mine"),
            models.Index(
                fields=["created_at"],
                condition=Q(state=_P.UNCONFIRMED),
                name="pledge_unconfirmed",
            ),
        ]

    @property
    def who(self) -> str:
        """For the holder: never the address."""
        return str(self.organization or self.name or "Une personne")

    @property
    def permission_scope(self) -> Scope:
        return self.target.campaign.permission_scope


class MoneyReport(models.Model):
    """What the outside platform says was given so far, copied by the holder; never changed."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="reports")
    amount_cents = models.BigIntegerField("montant collecté")
    on = models.DateField("constaté le")
    proof = models.CharField("comment on le sait", max_length=300)
    at = models.DateTimeField(default=clock.now)
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = "montant constaté"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="report_not_negative",
                condition=Q(amount_cents__gte=0) & ~Q(proof=""),
                violation_error_message="Écrivez le montant, et comment on le sait.",
            ),
        ]
