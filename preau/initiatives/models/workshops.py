"""Tables of workshops: agenda, guests, conclusions, and the watch list they feed."""

from __future__ import annotations

import uuid
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from preau.accounts.perms import Scope
from preau.core import clock
from preau.initiatives.enums.workshops import GuestAnswer, WorkshopState

_W = WorkshopState


class Workshop(models.Model):
    """A meeting of the territory's cell, from its invitation to what it decided."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organization = models.ForeignKey("accounts.Organization", models.PROTECT, related_name="+")
    area_key = models.CharField("territoire", max_length=40)
    area_name = models.CharField(max_length=120)
    title = models.CharField("titre", max_length=160)
    purpose = models.TextField("pourquoi cet atelier", max_length=3000, blank=True)
    starts_at = models.DateTimeField("début")
    ends_at = models.DateTimeField("fin")
    time_zone = models.CharField(max_length=40, default="Europe/Paris")
    location = models.CharField("où", max_length=300)
    space = models.ForeignKey(
        "places.Space", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    is_public = models.BooleanField("page publique", default=False)
    state = models.CharField("état", max_length=8, choices=WorkshopState, default=_W.ANNOUNCED)
    cancel_reason = models.CharField("motif", max_length=500, blank=True)
    minutes = models.TextField("compte rendu", max_length=20000, blank=True)
    #: Grows with each change that calendars must follow.
    sequence = models.PositiveSmallIntegerField(default=0)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = "atelier"
        constraints = [
            models.CheckConstraint(
                name="workshop_ends_after_it_starts",
                condition=Q(ends_at__gt=F("starts_at")),
                violation_error_message="L’atelier finit après avoir commencé.",
            ),
            models.CheckConstraint(
                name="workshop_cancelled_says_why",
                condition=~Q(state=_W.CANCELLED) | ~Q(cancel_reason=""),
                violation_error_message="Dites pourquoi : les personnes invitées le liront.",
            ),
            models.CheckConstraint(
                name="workshop_concluded_has_minutes",
                condition=~Q(state=_W.CONCLUDED) | ~Q(minutes=""),
                violation_error_message="Écrivez le compte rendu avant de conclure.",
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "-starts_at"], name="workshop_of_organization"),
            models.Index(fields=["starts_at"], condition=Q(is_public=True), name="workshop_public"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def start(self) -> datetime:
        """With `end`, what the format of a slot wants."""
        return self.starts_at

    @property
    def end(self) -> datetime:
        return self.ends_at

    @property
    def permission_scope(self) -> Scope:
        return Scope(organization_id=self.organization_id)


class AgendaItem(models.Model):
    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="agenda")
    position = models.PositiveSmallIntegerField()
    title = models.CharField("point", max_length=200)
    minutes = models.PositiveSmallIntegerField("durée en minutes", null=True, blank=True)

    class Meta:
        verbose_name = "point à l’ordre du jour"
        ordering = ["position", "id"]


class WorkshopGuest(models.Model):
    """Somebody invited by their address, and what they answered. A year after, nobody is named."""

    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="guests")
    email = models.EmailField("adresse électronique", blank=True)
    name = models.CharField("nom", max_length=120, blank=True)
    structure = models.CharField("structure", max_length=160, blank=True)
    answer = models.CharField("réponse", max_length=10, choices=GuestAnswer, blank=True)
    answered_at = models.DateTimeField(null=True)
    invited_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = "personne invitée à un atelier"
        constraints = [
            models.UniqueConstraint(
                fields=["workshop", "email"], condition=~Q(email=""), name="workshop_guest_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email or "Une personne"

    @property
    def permission_scope(self) -> Scope:
        return self.workshop.permission_scope


class WatchNote(models.Model):
    """What the cell keeps an eye on: something that emerges, or that a workshop decided."""

    organization = models.ForeignKey("accounts.Organization", models.PROTECT, related_name="+")
    area_key = models.CharField("territoire", max_length=40)
    area_name = models.CharField(max_length=120)
    text = models.CharField("à suivre", max_length=500)
    owner_name = models.CharField("qui suit", max_length=120, blank=True)
    due_on = models.DateField("à revoir le", null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(default=clock.now)
    closed_at = models.DateTimeField(null=True)
    outcome = models.CharField("ce qu’il en est", max_length=500, blank=True)

    class Meta:
        verbose_name = "note de veille"
        constraints = [
            models.CheckConstraint(
                name="watch_closed_says_what_came",
                condition=Q(closed_at=None) | ~Q(outcome=""),
                violation_error_message="Dites ce qu’il en est advenu.",
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "closed_at", "due_on"], name="watch_of_cell"),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def permission_scope(self) -> Scope:
        return Scope(organization_id=self.organization_id)


class Conclusion(models.Model):
    """What was decided: an action of a project, or a note that the cell watches."""

    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="conclusions")
    text = models.CharField("conclusion", max_length=500)
    owner_name = models.CharField("qui s’en charge", max_length=120)
    due_on = models.DateField("pour le")
    step = models.ForeignKey(
        "projects.Step", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    watch = models.ForeignKey(
        WatchNote, models.SET_NULL, null=True, blank=True, related_name="conclusions"
    )
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = "conclusion d’un atelier"
        ordering = ["id"]

    def __str__(self) -> str:
        return self.text
