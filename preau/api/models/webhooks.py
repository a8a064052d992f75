"""Webhooks: where an organisation wants to be told, and what it was told."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from preau.accounts.perms import Scope as Belongs
from preau.api.enums import DeliveryState, EventType
from preau.core import clock


class WebhookEndpoint(models.Model):
    """An address of an organisation, listening as the person who set it: what they may not read
    is not told."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    membership = models.ForeignKey(
        "accounts.Membership", models.CASCADE, related_name="+", verbose_name="au titre de"
    )
    organization = models.ForeignKey(
        "accounts.Organization", models.CASCADE, related_name="+", verbose_name="structure"
    )
    url = models.CharField("adresse", max_length=500)
    events = ArrayField(
        models.CharField(max_length=30, choices=EventType), verbose_name="ce qui lui est dit"
    )
    #: Sealed (`core.sealed`); the former one still signs until `former_until`.
    secret = models.TextField()
    former_secret = models.TextField(blank=True)
    former_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField("créée le", default=clock.now)
    #: The first failure since the last success.
    failing_since = models.DateTimeField("en échec depuis", null=True)
    #: Set by its failures or by an administrator; nothing is sent any more.
    disabled_at = models.DateTimeField("arrêtée le", null=True)
    disabled_reason = models.CharField("pourquoi", max_length=200, blank=True)

    class Meta:
        verbose_name = "webhook"
        constraints = [
            models.CheckConstraint(name="webhook_some_event", condition=~Q(events=[])),
            models.CheckConstraint(
                name="webhook_former_secret_ends",
                condition=Q(former_secret="", former_until=None)
                | (~Q(former_secret="") & Q(former_until__isnull=False)),
            ),
        ]
        indexes = [models.Index(fields=["organization"], name="webhook_ours")]

    def __str__(self) -> str:
        return self.url

    @property
    def event_labels(self) -> list[str]:
        return [str(EventType(one).label) for one in self.events]

    @property
    def is_live(self) -> bool:
        return self.disabled_at is None

    @property
    def permission_scope(self) -> Belongs:
        return Belongs(organization_id=self.organization_id)


class WebhookDelivery(models.Model):
    """One event for one endpoint: what was said, and how it went."""

    endpoint = models.ForeignKey(WebhookEndpoint, models.CASCADE, related_name="deliveries")
    #: The same each time it is sent: the receiver knows it again.
    message_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    event = models.CharField("évènement", max_length=30, choices=EventType)
    #: Identifiers and states; nobody’s name.
    payload = models.JSONField()
    state = models.CharField(
        "état", max_length=12, choices=DeliveryState, default=DeliveryState.WAITING
    )
    attempts = models.PositiveSmallIntegerField("essais", default=0)
    created_at = models.DateTimeField("créée le", default=clock.now)
    next_at = models.DateTimeField("prochain essai", null=True)
    ended_at = models.DateTimeField("terminée le", null=True)
    #: 0 when nothing answered.
    last_status = models.PositiveSmallIntegerField("dernière réponse", default=0)
    last_trouble = models.CharField("dernier ennui", max_length=120, blank=True)

    class Meta:
        verbose_name = "envoi de webhook"
        constraints = [
            models.CheckConstraint(
                name="webhook_delivery_ended_is_dated",
                condition=Q(state=DeliveryState.WAITING, ended_at=None, next_at__isnull=False)
                | (~Q(state=DeliveryState.WAITING) & Q(ended_at__isnull=False, next_at=None)),
            ),
        ]
        indexes = [
            models.Index(fields=["endpoint", "-created_at", "-id"], name="webhook_log"),
            models.Index(
                fields=["next_at"],
                condition=Q(state=DeliveryState.WAITING),
                name="webhook_waiting",
            ),
            models.Index(fields=["created_at"], name="webhook_old"),
        ]

    @property
    def permission_scope(self) -> Belongs:
        return self.endpoint.permission_scope
