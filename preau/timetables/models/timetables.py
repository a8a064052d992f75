"""A timetable: whose, where, for which season, by which rules."""

from __future__ import annotations

import uuid
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from preau.accounts.perms import Scope
from preau.core import clock
from preau.timetables.enums import LIVE, OPEN, Cycle, TimetableState


class Timetable(models.Model):
    """The week of a territory, composed once for a season."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organization = models.ForeignKey(
        "accounts.Organization", models.PROTECT, related_name="timetables"
    )
    area_key = models.CharField("territoire", max_length=40)
    name = models.CharField("nom", max_length=120)
    first_day = models.DateField("du")
    last_day = models.DateField("au (inclus)")
    cycle = models.PositiveSmallIntegerField("rythme", choices=Cycle, default=Cycle.WEEKLY)
    in_school_holidays = models.BooleanField("aussi pendant les vacances scolaires", default=False)
    on_public_holidays = models.BooleanField("aussi les jours fériés", default=False)
    earliest = models.PositiveSmallIntegerField("pas avant, en minutes", default=8 * 60)
    latest = models.PositiveSmallIntegerField("pas après, en minutes", default=19 * 60)
    radius_km = models.PositiveSmallIntegerField("rayon, en kilomètres", default=10)
    # A space is offered at an hour when it is free on that share of the season's weeks.
    least_share = models.PositiveSmallIntegerField("part des semaines libres, en %", default=90)
    session_worth = models.PositiveIntegerField("ce que vaut une permanence", default=1000)
    half_day_cost = models.PositiveIntegerField("coût d’une demi-journée", default=500)
    minute_cost = models.PositiveIntegerField("coût d’une minute de route", default=5)
    state = models.CharField(
        "état", max_length=12, choices=TimetableState, default=TimetableState.DRAFT
    )
    is_trial = models.BooleanField("à l’essai", default=False)
    review_on = models.DateField("bilan le", null=True, blank=True)
    published_at = models.DateTimeField("publiée le", null=True, blank=True)
    stopped_at = models.DateTimeField("arrêtée le", null=True, blank=True)
    stop_reason = models.CharField("pourquoi", max_length=300, blank=True)
    # Grows with each change of the grid: two people who edit do not erase each other.
    version = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField("créée le", default=clock.now)

    class Meta:
        verbose_name = "grille des permanences"
        verbose_name_plural = "grilles des permanences"
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["organization", "-id"], name="timetable_of_organization")]
        constraints = [
            models.CheckConstraint(
                name="timetable_season",
                condition=Q(last_day__gte=F("first_day")),
                violation_error_message="La date de fin suit la date de début.",
            ),
            models.CheckConstraint(
                name="timetable_hours",
                condition=Q(latest__lte=1440, latest__gt=F("earliest")),
                violation_error_message="L’heure de fin est après l’heure de début.",
            ),
            models.CheckConstraint(
                name="timetable_share", condition=Q(least_share__range=(10, 100))
            ),
            models.CheckConstraint(
                name="timetable_published_is_dated",
                condition=Q(state__in=["publiee", "en_essai"], published_at__isnull=False)
                | ~Q(state__in=["publiee", "en_essai"]),
            ),
            models.CheckConstraint(
                name="timetable_trial_has_a_review",
                condition=~Q(state="en_essai") | Q(review_on__isnull=False),
                violation_error_message="Un essai a une date de bilan.",
            ),
            models.CheckConstraint(
                name="timetable_stopped_is_dated",
                condition=Q(state="arretee", stopped_at__isnull=False)
                | ~Q(state="arretee") & Q(stopped_at=None),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def permission_scope(self) -> Scope:
        return Scope(organization_id=self.organization_id)

    @property
    def is_open(self) -> bool:
        """Whether its grid may still change."""
        return self.state in OPEN

    @property
    def is_live(self) -> bool:
        return self.state in LIVE

    @property
    def zone(self) -> ZoneInfo:
        """The wall time of who keeps it."""
        return ZoneInfo(self.organization.commune.time_zone)

    @property
    def days(self) -> int:
        return 7 * self.cycle
