"""What happens in a place, for those who come by."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from preau.accounts.perms import Scope
from preau.core import clock
from preau.core.timeranges import Period
from preau.mediation.enums import EventKind, EventState


class PlaceEvent(models.Model):
    """One date. A weekly event is one row a week, made together (`series`)."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sheet = models.ForeignKey("directory.Sheet", models.PROTECT, related_name="+")
    series = models.UUIDField(null=True, blank=True)
    kind = models.CharField("nature", max_length=12, choices=EventKind)
    title = models.CharField("titre", max_length=140)
    text = models.TextField("de quoi il s’agit", max_length=3000, blank=True)
    starts_at = models.DateTimeField("début")
    ends_at = models.DateTimeField("fin")
    seats = models.PositiveSmallIntegerField("places", null=True, blank=True)
    how_to_come = models.CharField("inscription, tarif", max_length=200, blank=True)
    state = models.CharField("état", max_length=10, choices=EventState, default=EventState.DRAFT)
    reason = models.CharField("motif de l’annulation", max_length=200, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(default=clock.now)
    changed_at = models.DateTimeField(default=clock.now)
    version = models.PositiveIntegerField(default=0)  # SEQUENCE of the calendar files

    class Meta:
        verbose_name = "rendez-vous d’un lieu"
        ordering = ["starts_at", "id"]
        indexes = [
            models.Index(fields=["sheet", "starts_at"], name="place_event_coming"),
            models.Index(
                fields=["starts_at", "id"],
                condition=Q(state=EventState.PUBLISHED),
                name="place_event_announced",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="place_event_in_order",
                condition=Q(ends_at__gt=F("starts_at")),
                violation_error_message="L’heure de fin est après l’heure de début.",
            ),
            models.CheckConstraint(
                name="place_event_cancelled_has_reason",
                condition=~Q(state=EventState.CANCELLED) | ~Q(reason=""),
                violation_error_message="Dites pourquoi : les personnes le liront.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("mediation:event", args=[self.key])

    @property
    def span(self) -> Period:
        return Period(self.starts_at, self.ends_at)

    @property
    def is_public(self) -> bool:
        return self.state != EventState.DRAFT and self.sheet.is_public

    @property
    def permission_scope(self) -> Scope:
        return self.sheet.permission_scope
