"""Scenarios: adding one, computing it, proving it, stopping."""

from __future__ import annotations

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q

from preau.accounts.actors import SYSTEM, Actor
from preau.core import audit, clock
from preau.core.errors import Refusal
from preau.siting import computing
from preau.siting.actions.studies import refuse_archived
from preau.siting.enums import LIVE_RUNS, ProofState, RunKind, RunState, ScenarioState
from preau.siting.models import Scenario, ScenarioRun, SitingStudy
from preau.siting.perms import require

MOST_SCENARIOS = 40
#: A worker that says nothing for so long is dead.
SILENCE = timedelta(minutes=35)
_REFUSALS = {
    "scenario_name_once": ("Un scénario de cette étude porte déjà ce nom.", "name"),
    "scenario_shares_make_all": ("Les trois parts font 100 % ensemble.", "weekday_share"),
    "scenario_opens_sometime": ("Un nouveau lieu ouvre au moins à un moment.", "opens_weekday"),
    "scenario_distance_or_minutes": (
        "Donnez un rayon, ou une durée avec des temps de trajet.",
        "radius_km",
    ),
    "scenario_places_some": ("Demandez de 1 à 1 000 nouveaux lieux.", "places"),
}


def add(scenario: Scenario, *, actor: Actor) -> Scenario:
    """Keep the scenario (new, its study set) and compute it, at once where a person may wait.

    Raises:
        Forbidden: they do not manage the study's organisation.
        Refusal: hypotheses that do not hold together; nothing is kept.
    """
    study = scenario.study
    require(actor, "study.write", study)
    _check(scenario, study)
    asked = computing.prepare(scenario)
    if asked.is_quick:
        computing.compute(scenario, asked)  # before the transaction: it lasts a second or two
        scenario.state = ScenarioState.READY
    with transaction.atomic():
        _keep(scenario)
        audit.record(actor, "siting.add_scenario", scenario, places=scenario.places)
        if not asked.is_quick:
            _begin(scenario, RunKind.COMPUTE, actor=actor)
    return scenario


def _check(scenario: Scenario, study: SitingStudy) -> None:
    refuse_archived(study)
    if study.scenarios.count() >= MOST_SCENARIOS:
        raise Refusal(
            f"Une étude a au plus {MOST_SCENARIOS} scénarios. Retirez ceux qui ne servent plus.",
            code="too_many",
        )
    if len(scenario.forced) > scenario.places:
        raise Refusal(
            "Il y a plus de communes imposées que de nouveaux lieux.", field="forced", code="forced"
        )
    if both := set(scenario.forced) & set(scenario.excluded):
        raise Refusal(
            f"Une commune est à la fois imposée et exclue : {', '.join(sorted(both))}.",
            field="excluded",
            code="both",
        )
    times = scenario.travel_times
    if times is not None and times.organization_id != study.organization_id:
        raise Refusal("Choisissez des temps de trajet de votre structure.", field="travel_times")


def _keep(scenario: Scenario) -> None:
    try:
        with transaction.atomic():
            scenario.save()
    except IntegrityError as error:
        for name, (sentence, field) in _REFUSALS.items():
            if name in str(error):
                raise Refusal(sentence, field=field, code=name) from None
        raise


@transaction.atomic
def remove(scenario: Scenario, *, actor: Actor) -> None:
    """With its result. What is followed since stays followed."""
    require(actor, "study.write", scenario)
    scenario.runs.filter(state__in=LIVE_RUNS).update(stop_asked=True)
    audit.record(actor, "siting.remove_scenario", scenario, study=scenario.study_id)
    scenario.delete()


@transaction.atomic
def prove(scenario: Scenario, *, actor: Actor) -> ScenarioRun:
    """Look for the best choice in the background. Pressed twice, it is done once.

    Raises:
        Refusal: not computed yet, or nothing better exists.
    """
    require(actor, "study.write", scenario)
    scenario = Scenario.objects.select_for_update().get(pk=scenario.pk)
    running = scenario.runs.filter(state__in=LIVE_RUNS).first()
    if running is not None:
        return running
    refuse_archived(scenario.study)
    if not scenario.is_ready:
        raise Refusal("Ce scénario n’est pas encore calculé.", code="not_ready")
    if scenario.proof == ProofState.OPTIMAL:
        raise Refusal("C’est déjà le meilleur choix : c’est prouvé.", code="optimal")
    return _begin(scenario, RunKind.PROVE, actor=actor)


@transaction.atomic
def compute_again(scenario: Scenario, *, actor: Actor) -> ScenarioRun:
    """After a failure."""
    require(actor, "study.write", scenario)
    scenario = Scenario.objects.select_for_update().get(pk=scenario.pk)
    running = scenario.runs.filter(state__in=LIVE_RUNS).first()
    if running is not None:
        return running
    refuse_archived(scenario.study)
    if scenario.is_ready:
        raise Refusal("Ce scénario est calculé.", code="ready")
    Scenario.objects.filter(pk=scenario.pk).update(state=ScenarioState.WAITING, problem="")
    return _begin(scenario, RunKind.COMPUTE, actor=actor)


def _begin(scenario: Scenario, kind: RunKind, *, actor: Actor) -> ScenarioRun:
    from preau.siting.tasks import run_scenario

    run = ScenarioRun.objects.create(scenario=scenario, kind=kind, asked_by=actor.user)
    # Proofs one after the other: they last, and the same workers send the e-mails.
    task = run_scenario.configure(lock="siting.prove") if kind == RunKind.PROVE else run_scenario
    task.defer(run_id=run.pk)
    audit.record(actor, "siting.begin_run", scenario, kind=kind)
    return run


@transaction.atomic
def stop(scenario: Scenario, *, actor: Actor) -> bool:
    """Ask the run to stop: it keeps the best it has. False when nothing runs."""
    require(actor, "study.write", scenario)
    live = scenario.runs.filter(state__in=LIVE_RUNS)
    if not live.update(stop_asked=True):
        return False
    audit.record(actor, "siting.stop_run", scenario)
    return True


@transaction.atomic
def give_up_silent() -> int:
    """Runs whose worker died: said to have failed, so that they can be asked again."""
    now = clock.now()
    silent = ScenarioRun.objects.select_for_update().filter(
        Q(state=RunState.RUNNING, told_at__lt=now - SILENCE)
    )
    count = 0
    for run in silent:
        run.state, run.ended_at = RunState.FAILED, now
        run.save(update_fields=["state", "ended_at"])
        if run.kind == RunKind.COMPUTE:
            Scenario.objects.filter(pk=run.scenario_id).update(
                state=ScenarioState.FAILED, problem="Le calcul s’est interrompu. Relancez-le."
            )
        audit.record(SYSTEM, "siting.run_lost", run.scenario)
        count += 1
    return count
