"""Long work on a scenario, done by a worker: where it is, and whether somebody wants it stopped."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from preau.accounts.perms import Scope
from preau.core import clock
from preau.siting.enums import LIVE_RUNS, RunKind, RunState
from preau.siting.models.scenarios import Scenario


class ScenarioRun(models.Model):
    scenario = models.ForeignKey(Scenario, models.CASCADE, related_name="runs")
    kind = models.CharField("nature", max_length=8, choices=RunKind)
    state = models.CharField("état", max_length=10, choices=RunState, default=RunState.WAITING)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    asked_at = models.DateTimeField("demandé le", default=clock.now)
    started_at = models.DateTimeField("commencé le", null=True)
    told_at = models.DateTimeField("dernière nouvelle", null=True)
    ended_at = models.DateTimeField("terminé le", null=True)
    stop_asked = models.BooleanField(default=False)
    # As they improve.
    covered = models.FloatField(null=True)
    bound = models.FloatField(null=True)

    class Meta:
        verbose_name = "calcul d’un scénario"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["scenario"],
                condition=Q(state__in=LIVE_RUNS),
                name="scenario_one_live_run",
                violation_error_message="Un calcul de ce scénario est déjà en cours.",
            ),
            models.CheckConstraint(
                name="scenario_run_ended_is_dated",
                condition=Q(state__in=LIVE_RUNS, ended_at=None)
                | ~Q(state__in=LIVE_RUNS) & Q(ended_at__isnull=False),
            ),
            models.CheckConstraint(
                name="scenario_run_bound_above",
                condition=Q(bound=None) | Q(bound__gte=F("covered")),
            ),
        ]

    @property
    def permission_scope(self) -> Scope:
        return self.scenario.permission_scope

    @property
    def is_live(self) -> bool:
        return self.state in LIVE_RUNS
