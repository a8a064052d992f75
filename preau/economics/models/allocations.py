"""The costs of a place over a period, and who uses it: to be shared out."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from preau.accounts.perms import Scope
from preau.core import clock
from preau.economics.enums import AllocationState, Answer, CostPart, Origin, RuleChoice
from preau.economics.sharing.rules import hours

_S = AllocationState


class CostAllocation(models.Model):
    """Costs and providers while a draft; frozen with its result once proposed."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organization = models.ForeignKey(
        "accounts.Organization", models.PROTECT, related_name="cost_allocations"
    )
    place = models.ForeignKey("places.Place", models.PROTECT, null=True, related_name="+")
    place_name = models.CharField("lieu", max_length=160)
    first_day = models.DateField("du")
    last_day = models.DateField("au (inclus)")
    state = models.CharField("état", max_length=10, choices=_S, default=_S.DRAFT)
    rule = models.CharField("règle", max_length=15, choices=RuleChoice, blank=True)
    answer_by = models.DateField("réponse attendue avant le", null=True, blank=True)
    annex = models.ForeignKey("documents.Document", models.PROTECT, null=True, related_name="+")
    proposals = models.PositiveSmallIntegerField("fois proposée", default=0)
    proposed_at = models.DateTimeField("proposée le", null=True)
    reminded_at = models.DateTimeField("rappelée le", null=True)
    settled_at = models.DateTimeField("arrêtée le", null=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField("créée le", default=clock.now)

    class Meta:
        verbose_name = "répartition des coûts"
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="allocation_period",
                condition=Q(last_day__gte=models.F("first_day")),
                violation_error_message="La période finit après avoir commencé.",
            ),
            models.CheckConstraint(
                name="allocation_proposed_is_whole",
                condition=Q(state=_S.DRAFT, annex=None, proposed_at=None, settled_at=None)
                | ~Q(rule="")
                & Q(annex__isnull=False, proposed_at__isnull=False, answer_by__isnull=False)
                & (
                    Q(state=_S.PROPOSED, settled_at=None)
                    | Q(state=_S.SETTLED, settled_at__isnull=False)
                ),
            ),
        ]
        indexes = [
            models.Index(
                fields=["answer_by"],
                condition=Q(state="proposee", reminded_at=None),
                name="allocation_to_remind",
            )
        ]

    def __str__(self) -> str:
        return self.place_name

    def get_absolute_url(self) -> str:
        return reverse("economics:allocation", args=[self.key])

    @property
    def is_draft(self) -> bool:
        return self.state == _S.DRAFT

    @property
    def permission_scope(self) -> Scope:
        return Scope(organization_id=self.organization_id)


class CostItem(models.Model):
    """One amount; a room also has its size."""

    allocation = models.ForeignKey(CostAllocation, models.CASCADE, related_name="items")
    part = models.CharField("nature", max_length=15, choices=CostPart)
    label = models.CharField("intitulé", max_length=120)
    cents = models.PositiveBigIntegerField("montant")
    square_metres = models.PositiveIntegerField("surface en m²", null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="cost_item_room_has_a_size",
                condition=Q(part=CostPart.ROOM, square_metres__gt=0)
                | ~Q(part=CostPart.ROOM) & Q(square_metres=None),
                violation_error_message="Une salle a une surface ; les autres charges non.",
            )
        ]

    @property
    def permission_scope(self) -> Scope:
        return self.allocation.permission_scope


class ProviderLine(models.Model):
    """One provider, what it uses, and its share once proposed."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    allocation = models.ForeignKey(CostAllocation, models.CASCADE, related_name="providers")
    organization = models.ForeignKey(
        "accounts.Organization", models.PROTECT, null=True, related_name="cost_shares"
    )
    name = models.CharField("occupant", max_length=160)
    minutes = models.PositiveIntegerField("minutes")
    square_metres = models.PositiveIntegerField("surface en m²", null=True)
    half_days = models.JSONField("demi-journées", default=list)
    origin = models.CharField(max_length=12, choices=Origin, default=Origin.TYPED)
    correction = models.CharField("pourquoi c’est corrigé", max_length=300, blank=True)
    share_cents = models.PositiveBigIntegerField("part", null=True)
    alone_cents = models.PositiveBigIntegerField("coût seul", null=True)
    explanation = models.JSONField("explication", default=list)
    answer = models.CharField("réponse", max_length=10, choices=Answer, blank=True)
    answer_reason = models.CharField("motif", max_length=1000, blank=True)
    answered_at = models.DateTimeField("répondu le", null=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["allocation", "name"],
                name="provider_line_name_once",
                violation_error_message="Cet occupant figure déjà dans la répartition.",
            ),
            models.UniqueConstraint(
                fields=["allocation", "organization"],
                name="provider_line_organization_once",
                violation_error_message="Cette structure figure déjà dans la répartition.",
            ),
            models.CheckConstraint(
                name="provider_line_comes",
                condition=Q(minutes__gt=0) & (Q(square_metres=None) | Q(square_metres__gt=0)),
                violation_error_message="Un occupant vient au moins une minute.",
            ),
            models.CheckConstraint(
                name="provider_line_answer_coherent",
                condition=Q(answer=Answer.NONE, answered_at=None, answer_reason="")
                | Q(answer=Answer.AGREES, answered_at__isnull=False)
                | Q(answer=Answer.OBJECTS, answered_at__isnull=False) & ~Q(answer_reason=""),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("economics:share", args=[self.key])

    @property
    def hours(self) -> str:
        """« 412 h »: never days, whose length nobody agrees on."""
        return hours(self.minutes)

    @property
    def permission_scope(self) -> Scope:
        return Scope(
            organization_id=self.allocation.organization_id,
            holder_organization_id=self.organization_id,
        )
