"""The grid: where and when each service sits, what may not be, what was computed."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.lookups import Exact

from preau.accounts.perms import Scope
from preau.core import clock
from preau.timetables.enums import RunState, Source
from preau.timetables.models.needs import Candidate, ServiceNeed
from preau.timetables.models.timetables import Timetable


class Session(models.Model):
    """A sitting: a service in a space, each week of the cycle on that day from that hour."""

    timetable = models.ForeignKey(Timetable, models.CASCADE, related_name="sessions")
    need = models.ForeignKey(ServiceNeed, models.CASCADE, related_name="held")
    candidate = models.ForeignKey(Candidate, models.CASCADE, related_name="held")
    day = models.PositiveSmallIntegerField("jour")  # 0 = lundi; 7 = lundi of the second week
    start = models.PositiveSmallIntegerField("début, en minutes")
    is_pinned = models.BooleanField("épinglée", default=False)
    source = models.CharField("origine", max_length=10, choices=Source, default=Source.SOLVER)

    class Meta:
        verbose_name = "permanence"
        ordering = ["day", "start", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["need", "candidate", "day", "start"],
                name="session_once",
                violation_error_message="Ce service est déjà là à cette heure.",
            ),
            models.CheckConstraint(name="session_day", condition=Q(day__lt=14)),
            models.CheckConstraint(
                name="session_on_quarter_hours",
                condition=Q(start__lt=1440) & Q(Exact(F("start") % 15, 0)),
                violation_error_message="Les horaires vont de quart d’heure en quart d’heure.",
            ),
        ]

    @property
    def end(self) -> int:
        return self.start + self.need.minutes

    @property
    def half_day(self) -> int:
        return 2 * self.day + (self.start >= 13 * 60)

    @property
    def permission_scope(self) -> Scope:
        return self.timetable.permission_scope


class Forbidding(models.Model):
    """A service not there, or not then."""

    timetable = models.ForeignKey(Timetable, models.CASCADE, related_name="forbiddings")
    need = models.ForeignKey(ServiceNeed, models.CASCADE, related_name="forbiddings")
    place = models.ForeignKey(
        "places.Place", models.CASCADE, null=True, blank=True, related_name="+"
    )
    half_day = models.PositiveSmallIntegerField("demi-journée", null=True, blank=True)

    class Meta:
        verbose_name = "interdiction"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["need", "place", "half_day"],
                name="forbidding_once",
                nulls_distinct=False,
                violation_error_message="C’est déjà interdit.",
            ),
            models.CheckConstraint(
                name="forbidding_of_something",
                condition=Q(place__isnull=False) | Q(half_day__isnull=False),
            ),
        ]

    @property
    def permission_scope(self) -> Scope:
        return self.timetable.permission_scope


class Run(models.Model):
    """One computation and its result, kept so that two versions may be compared."""

    timetable = models.ForeignKey(Timetable, models.CASCADE, related_name="runs")
    number = models.PositiveSmallIntegerField("numéro")
    words = models.CharField("comment", max_length=80)
    seed = models.PositiveIntegerField(default=0)
    state = models.CharField("état", max_length=12, choices=RunState, default=RunState.WAITING)
    asked_seconds = models.PositiveSmallIntegerField("secondes demandées", default=0)
    seconds = models.FloatField("secondes", default=0)
    value = models.BigIntegerField("valeur", default=0)
    bound = models.FloatField("borne", default=0)
    improvements = models.PositiveIntegerField("améliorations", default=0)
    stop_asked = models.BooleanField("arrêt demandé", default=False)
    # [[need, candidate, day, start], …], of the grid as it was when it ended.
    sittings = models.JSONField(default=list)
    # The grid it began from: one changed since is not overwritten.
    from_version = models.PositiveIntegerField(default=0)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField("lancée le", default=clock.now)
    # When a worker took it: it may have waited behind others.
    started_at = models.DateTimeField("commencée le", null=True)
    ended_at = models.DateTimeField("finie le", null=True)

    class Meta:
        verbose_name = "calcul"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["timetable", "number"], name="run_number"),
            models.UniqueConstraint(
                fields=["timetable"],
                condition=Q(state__in=["en_attente", "en_cours"]),
                name="one_run_at_a_time",
                violation_error_message="Un calcul est déjà en cours.",
            ),
            models.CheckConstraint(
                name="run_ended_is_dated",
                condition=Q(state__in=["en_attente", "en_cours"], ended_at=None)
                | ~Q(state__in=["en_attente", "en_cours"]) & Q(ended_at__isnull=False),
            ),
        ]

    @property
    def gap(self) -> float:
        """How much better the best could be, as a share."""
        if self.value <= 0:
            return 0.0 if self.bound <= self.value else 1.0
        return max(self.bound - self.value, 0.0) / self.value

    @property
    def permission_scope(self) -> Scope:
        return self.timetable.permission_scope
