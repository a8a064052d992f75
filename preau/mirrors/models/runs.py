"""One going through of a mirror: where it is, what it did, how it ended."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from preau.accounts.perms import Scope
from preau.core import clock
from preau.mirrors.enums import LIVE_RUNS, RunKind, RunState
from preau.mirrors.models.mirrors import Mirror


class MirrorRun(models.Model):
    mirror = models.ForeignKey(Mirror, models.CASCADE, related_name="runs")
    kind = models.CharField("nature", max_length=10, choices=RunKind)
    state = models.CharField("état", max_length=10, choices=RunState, default=RunState.WAITING)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    asked_at = models.DateTimeField("demandée le", default=clock.now)
    started_at = models.DateTimeField("commencée le", null=True)
    told_at = models.DateTimeField("dernière nouvelle", default=clock.now)
    ended_at = models.DateTimeField("terminée le", null=True)
    #: Which worker has it: another that takes it over makes the first one stop.
    claim = models.UUIDField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    stop_asked = models.BooleanField(default=False)
    #: {source: the last subject that was dealt with}; it goes on from there.
    position = models.JSONField(default=dict)
    expected = models.PositiveIntegerField("lignes à regarder", default=0)
    looked = models.PositiveIntegerField("lignes regardées", default=0)
    sent = models.PositiveIntegerField("lignes envoyées", default=0)
    removed = models.PositiveIntegerField("lignes retirées", default=0)
    applied = models.PositiveIntegerField("changements repris", default=0)
    calls = models.PositiveIntegerField("appels à Grist", default=0)
    error = models.CharField("ce qui s’est passé", max_length=600, blank=True)

    class Meta:
        verbose_name = "synchronisation"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["mirror"],
                condition=Q(state__in=LIVE_RUNS),
                name="mirror_one_live_run",
                violation_error_message="Une synchronisation de ce miroir est déjà en cours.",
            ),
            models.CheckConstraint(
                name="mirror_run_ended_is_dated",
                condition=Q(state__in=LIVE_RUNS, ended_at=None)
                | ~Q(state__in=LIVE_RUNS) & Q(ended_at__isnull=False),
            ),
        ]

    @property
    def permission_scope(self) -> Scope:
        return self.mirror.permission_scope

    @property
    def is_live(self) -> bool:
        return self.state in LIVE_RUNS

    @property
    def percent(self) -> int:
        return min(100 * self.looked // self.expected, 100) if self.expected else 0
