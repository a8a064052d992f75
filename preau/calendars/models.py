"""Outside calendars that take time in a space, and each person's own feed."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib.postgres.fields import DateTimeRangeField
from django.db import models
from django.db.models import Q

from preau.accounts.perms import Scope
from preau.calendars.enums import EventState, Problem
from preau.core import clock
from preau.core.timeranges import Period


class OutsideCalendar(models.Model):
    """An `.ics` published elsewhere whose events take time in one space."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    place = models.ForeignKey("places.Place", models.CASCADE, related_name="+")
    space = models.ForeignKey("places.Space", models.CASCADE, related_name="+")
    name = models.CharField("nom", max_length=120)
    # The address is often a secret: kept sealed (`core.sealed`), only its server is shown.
    address = models.TextField("adresse")
    host = models.CharField("serveur", max_length=253)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField("ajouté le", default=clock.now)
    stopped_at = models.DateTimeField("arrêté le", null=True)
    # What the server said of the version that was read, and its digest where it says nothing.
    etag = models.CharField(max_length=200, blank=True)
    modified = models.CharField(max_length=60, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    read_at = models.DateTimeField("lu le", null=True)
    tried_at = models.DateTimeField("essayé le", null=True)
    # Its events are placed until a horizon that moves: read whole again once a day.
    placed_at = models.DateTimeField("reporté le", null=True)
    problem = models.CharField("difficulté", max_length=12, choices=Problem, blank=True)
    told_at = models.DateTimeField("difficulté signalée le", null=True)
    # Events that are left aside: [their name, why], as the last reading found them.
    left_aside = models.JSONField("événements non compris", default=list, blank=True)

    class Meta:
        verbose_name = "agenda extérieur"
        verbose_name_plural = "agendas extérieurs"
        indexes = [
            models.Index(
                fields=["tried_at"], condition=Q(stopped_at=None), name="calendars_to_read"
            ),
            models.Index(fields=["place", "id"], name="calendars_of_place"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def permission_scope(self) -> Scope:
        return Scope(organization_id=self.place.owner_id, place_id=self.place_id)


class OutsideEvent(models.Model):
    """One time of an outside calendar: placed in an occupancy, which it shares with those of the
    same calendar that it overlaps, or in conflict with what stands."""

    calendar = models.ForeignKey(OutsideCalendar, models.CASCADE, related_name="events")
    # A digest of the event's identifier and of when it begins.
    key = models.CharField(max_length=64)
    label = models.CharField("intitulé", max_length=160)
    period = DateTimeRangeField("quand")
    state = models.CharField("état", max_length=10, choices=EventState)
    occupancy = models.ForeignKey(
        "availability.Occupancy", models.PROTECT, null=True, related_name="+"
    )
    since = models.DateTimeField("depuis", default=clock.now)

    class Meta:
        verbose_name = "événement extérieur"
        constraints = [
            models.UniqueConstraint(fields=["calendar", "key"], name="calendars_event_once"),
            models.CheckConstraint(
                name="calendars_placed_has_occupancy",
                condition=Q(state=EventState.PLACED, occupancy__isnull=False)
                | Q(state=EventState.CONFLICT, occupancy=None),
            ),
        ]
        indexes = [models.Index(fields=["calendar", "state", "period"], name="calendars_events")]

    @property
    def span(self) -> Period:
        return Period(self.period.lower, self.period.upper)


class PersonalFeed(models.Model):
    """The secret address of one's own bookings; who knows it reads them."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    secret = models.CharField(max_length=43, unique=True)
    created_at = models.DateTimeField("créé le", default=clock.now)

    class Meta:
        verbose_name = "agenda personnel"

    @property
    def permission_scope(self) -> Scope:
        return Scope(holder_user_id=self.user_id)
