"""A run, in the worker: told at each improvement, stopped when asked, its end written once."""

from __future__ import annotations

import time

from django.db import transaction
from django.urls import reverse

from preau.core import clock
from preau.core.errors import Refusal
from preau.notifications.actions import notify
from preau.siting import computing
from preau.siting.enums import ProofState, RunKind, RunState, ScenarioState
from preau.siting.models import Scenario, ScenarioRun
from preau.siting.topics import STUDIES

#: Seconds between two looks at whether to stop.
LOOK_EVERY = 2.0
_RESULT = ("total", "base", "covered", "bound", "proof", "seconds", "computed_at", "result")


class Watching:
    """Writes where the solver is, and tells it whether somebody wants it stopped."""

    def __init__(self, run: ScenarioRun, asked: computing.Asked) -> None:
        self._run = run
        self._total = float(asked.posed.problem.weights.sum())
        self._next = 0.0
        self._stop = False

    def __call__(self, covered: float, bound: float) -> bool:
        now = time.monotonic()
        if now >= self._next:
            self._next = now + LOOK_EVERY
            ScenarioRun.objects.filter(pk=self._run.pk).update(
                covered=covered, bound=max(covered, min(bound, self._total)), told_at=clock.now()
            )
            asked = ScenarioRun.objects.filter(pk=self._run.pk, stop_asked=False).exists()
            self._stop = not asked
        return self._stop


def work(run: ScenarioRun) -> None:
    """Do what was asked and write it. A run that has ended is left as it is."""
    begun = ScenarioRun.objects.filter(pk=run.pk, state=RunState.WAITING).update(
        state=RunState.RUNNING, started_at=clock.now(), told_at=clock.now()
    )
    if not begun:
        return
    scenario = run.scenario
    try:
        asked = computing.prepare(scenario)
        watching = Watching(run, asked)
        if run.kind == RunKind.PROVE:
            computing.compute(scenario, asked, watching)
        elif not watching(0.0, asked.posed.problem.weights.sum()):
            computing.compute(scenario, asked)
    except Refusal as refusal:
        _end(run, scenario, RunState.FAILED, refusal.sentence)
        return
    except Exception:
        _end(run, scenario, RunState.FAILED, "Le calcul s’est interrompu. Relancez-le.")
        raise
    stopped = scenario.computed_at is None or scenario.proof == ProofState.STOPPED
    _end(run, scenario, RunState.STOPPED if stopped else RunState.DONE, "")


@transaction.atomic
def _end(run: ScenarioRun, scenario: Scenario, state: RunState, problem: str) -> None:
    kept = Scenario.objects.select_for_update().filter(pk=scenario.pk).first()
    live = ScenarioRun.objects.select_for_update().filter(pk=run.pk, state=RunState.RUNNING)
    if kept is None or not live.update(state=state, ended_at=clock.now(), told_at=clock.now()):
        return
    if problem or scenario.computed_at is None:
        if not kept.is_ready:
            kept.state = ScenarioState.FAILED
            kept.problem = problem[:300] or "Le calcul a été arrêté. Relancez-le quand vous voulez."
            kept.save(update_fields=["state", "problem"])
    elif not kept.is_ready or (scenario.covered or 0) >= (kept.covered or 0) - 1e-6:
        for name in _RESULT:
            setattr(kept, name, getattr(scenario, name))
        if not kept.counted:
            kept.counted = scenario.counted
        kept.state, kept.problem = ScenarioState.READY, ""
        kept.save()
    _tell(run, kept, state)


def _tell(run: ScenarioRun, scenario: Scenario, state: RunState) -> None:
    if run.asked_by is None:
        return
    name = f"« {scenario.name} », {scenario.study.title}"
    if state == RunState.FAILED:
        title = f"Le calcul n’a pas abouti : {name}"
        text = scenario.problem or "Relancez-le depuis la page du scénario."
    elif scenario.proof == ProofState.OPTIMAL:
        title = f"Meilleur choix trouvé et prouvé : {name}"
        text = "Aucun autre choix d’autant de communes ne dessert plus d’habitants."
    else:
        title = f"Calcul terminé : {name}"
        text = "Le résultat est donné avec son écart certifié au meilleur choix possible."
    notify(
        [run.asked_by],
        topic=STUDIES.key,
        title=title,
        cause=f"scenario-run:{run.pk}",
        body=text,
        url=reverse("siting:scenario", args=[scenario.key]),
    )
