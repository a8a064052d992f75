"""A negotiation led at once with everybody: who is invited, what each commits to."""

from __future__ import annotations

import uuid
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from preau.accounts.perms import Scope
from preau.core import clock
from preau.economics.enums import ROUND_OVER, CommitmentState, RoundState, Side

_R = RoundState


class NegotiationRound(models.Model):
    """Charges to cover each month, a date, and one message for all."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organization = models.ForeignKey(
        "accounts.Organization", models.PROTECT, related_name="negotiation_rounds"
    )
    place = models.ForeignKey("places.Place", models.PROTECT, null=True, related_name="+")
    place_name = models.CharField("lieu", max_length=160)
    message = models.TextField("message aux invités", max_length=4000)
    target_cents = models.PositiveBigIntegerField("charges à couvrir par mois")
    deadline = models.DateField("date limite")
    state = models.CharField("état", max_length=12, choices=_R, default=_R.DRAFT)
    opened_at = models.DateTimeField("ouverte le", null=True)
    closed_at = models.DateTimeField("close le", null=True)
    close_reason = models.CharField("motif", max_length=500, blank=True)
    reminded_at = models.DateTimeField("rappelée le", null=True)
    forgotten_at = models.DateTimeField("adresses effacées le", null=True)
    allocation = models.OneToOneField(
        "economics.CostAllocation", models.SET_NULL, null=True, related_name="from_round"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField("créée le", default=clock.now)

    class Meta:
        verbose_name = "négociation groupée"
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="negotiation_round_target",
                condition=Q(target_cents__gt=0),
                violation_error_message="Indiquez ce qu’il y a à couvrir chaque mois.",
            ),
            models.CheckConstraint(
                name="negotiation_round_dated",
                condition=Q(state=_R.DRAFT, opened_at=None, closed_at=None)
                | Q(state=_R.OPEN, opened_at__isnull=False, closed_at=None)
                | Q(state=_R.CANCELLED, closed_at__isnull=False)
                | Q(
                    state__in=(_R.COVERED, _R.FAILED),
                    opened_at__isnull=False,
                    closed_at__isnull=False,
                ),
            ),
        ]
        indexes = [
            models.Index(
                fields=["deadline"], condition=Q(state="ouverte"), name="round_to_look_after"
            ),
            models.Index(
                fields=["closed_at"], condition=Q(forgotten_at=None), name="round_to_forget"
            ),
        ]

    def __str__(self) -> str:
        return self.place_name

    def get_absolute_url(self) -> str:
        return reverse("economics:round", args=[self.key])

    @property
    def zone(self) -> ZoneInfo:
        return self.place.zone if self.place else ZoneInfo("Europe/Paris")

    @property
    def is_over(self) -> bool:
        return self.state in ROUND_OVER

    @property
    def permission_scope(self) -> Scope:
        return Scope(organization_id=self.organization_id)


class Invitation(models.Model):
    """One organisation asked to take part, known here or reached by e-mail."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    round = models.ForeignKey(NegotiationRound, models.CASCADE, related_name="invitations")
    organization = models.ForeignKey(
        "accounts.Organization", models.PROTECT, null=True, related_name="negotiation_invitations"
    )
    side = models.CharField("à quel titre", max_length=12, choices=Side, default=Side.PROVIDER)
    name = models.CharField("structure", max_length=160)
    email = models.EmailField("adresse électronique", blank=True)
    told_at = models.DateTimeField("prévenue le", null=True)

    class Meta:
        ordering = ["side", "name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "organization"], name="invitation_organization_once"
            ),
            models.UniqueConstraint(
                fields=["round", "email"], condition=~Q(email=""), name="invitation_email_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("economics:invitation", args=[self.key])

    @property
    def permission_scope(self) -> Scope:
        return Scope(
            organization_id=self.round.organization_id, holder_organization_id=self.organization_id
        )


class Commitment(models.Model):
    """What one invitee commits to, changed or withdrawn as long as the round is open."""

    invitation = models.OneToOneField(Invitation, models.CASCADE, related_name="commitment")
    state = models.CharField(
        "état", max_length=8, choices=CommitmentState, default=CommitmentState.ENGAGED
    )
    cents = models.PositiveBigIntegerField("montant par mois", default=0)
    sessions = models.PositiveSmallIntegerField("séances par mois", default=0)
    session_minutes = models.PositiveSmallIntegerField("durée d’une séance", default=0)
    square_metres = models.PositiveIntegerField("surface en m²", null=True, blank=True)
    half_days = models.JSONField("demi-journées habituelles", default=list)
    space = models.CharField("espace proposé et heures", max_length=500, blank=True)
    conditions = models.TextField("conditions", max_length=2000, blank=True)
    show_name = models.BooleanField("nom montré aux autres", default=False)
    made_at = models.DateTimeField("pris le", default=clock.now)
    changed_at = models.DateTimeField("modifié le", default=clock.now)

    class Meta:
        verbose_name = "engagement"
        constraints = [
            models.CheckConstraint(
                name="commitment_says_something",
                condition=Q(cents__gt=0) | ~Q(space="") | Q(sessions__gt=0),
                violation_error_message="Indiquez un montant, des séances ou un espace.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.invitation}"
