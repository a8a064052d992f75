"""Studies that a person may read, and what a scenario's page shows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from preau.accounts.actors import Actor
from preau.accounts.steering import may_steer
from preau.directory.models import Sheet
from preau.siting.enums import LIVE_RUNS, ScenarioState, Visibility
from preau.siting.models import Scenario, ScenarioRun, SitingStudy
from preau.siting.outcome import MOMENTS, Outcome, outcome_of
from preau.territories.models import Commune

#: Uncovered communes on the page; the CSV has them all.
SHOWN = 60
#: Points drawn of each kind on the map.
DRAWN = 2500


def own(actor: Actor, *, archived: bool = False) -> QuerySet[SitingStudy]:
    """Of the organisation whose hat is on."""
    if actor.organization is None:
        return _counted(SitingStudy.objects.none())
    found = SitingStudy.objects.filter(
        organization=actor.organization, archived_at__isnull=not archived
    )
    return _counted(found)


def public(actor: Actor) -> QuerySet[SitingStudy]:
    """Public ones of the others."""
    found = SitingStudy.objects.filter(visibility=Visibility.PUBLIC, archived_at=None)
    if actor.organization is not None:
        found = found.exclude(organization=actor.organization)
    return _counted(found)


def _counted(found: QuerySet[SitingStudy]) -> QuerySet[SitingStudy]:
    ready = Count("scenarios", filter=Q(scenarios__state=ScenarioState.READY))
    return found.select_related("organization").annotate(ready=ready).order_by("-id")


def readable(actor: Actor) -> QuerySet[SitingStudy]:
    """Those whose gaps may inform this person: their organisation's and the public ones."""
    mine = Q(visibility=Visibility.PUBLIC)
    if may_steer(actor) and actor.organization is not None:
        mine |= Q(organization=actor.organization)
    return SitingStudy.objects.filter(mine, archived_at=None)


def scenarios_of(study: SitingStudy) -> list[Scenario]:
    return list(study.scenarios.defer("counted").order_by("id"))


def live_run(scenario: Scenario) -> ScenarioRun | None:
    return scenario.runs.filter(state__in=LIVE_RUNS).first()


@dataclass(frozen=True, slots=True)
class Line:
    """A commune that would receive a place."""

    rank: int
    commune: Commune
    gain: float
    gain_percent: float
    sum_percent: float
    catchment: int
    is_forced: bool


@dataclass(frozen=True, slots=True)
class Missed:
    """A commune that the scenario leaves uncovered."""

    commune: Commune
    when: str


@dataclass(frozen=True, slots=True)
class Gap:
    """Where one more place would do most."""

    commune: Commune
    gain: float
    others: list[str]
    count: int


@dataclass(frozen=True, slots=True)
class Reading:
    """All that the page, the report and the CSV say of a computed scenario."""

    outcome: Outcome
    chosen: list[Line]
    missed: list[Missed]
    gaps: list[Gap]
    missed_people: int


def read(scenario: Scenario) -> Reading:
    """Three statements whatever the number of communes."""
    outcome = outcome_of(scenario)
    codes = {one.code for one in outcome.chosen} | set(outcome.uncovered)
    for one in outcome.after:
        codes |= {one.code, *one.communes}
    communes = {
        one.pk: one
        for one in Commune.objects.filter(pk__in=codes).only(
            "code", "name", "departement", "population", "latitude", "longitude",
            "hall_latitude", "hall_longitude",
        )
    }  # fmt: skip
    missed = sorted(
        (
            Missed(communes[code], _when(moments, scenario))
            for code, moments in outcome.uncovered.items()
            if code in communes
        ),
        key=lambda one: (-one.commune.population, one.commune.code),
    )
    return Reading(
        outcome=outcome,
        chosen=list(_lines(scenario, outcome, communes)),
        missed=missed,
        gaps=_gaps(outcome, communes),
        missed_people=sum(one.commune.population for one in missed),
    )


def _lines(scenario: Scenario, outcome: Outcome, communes: dict[str, Commune]) -> Iterable[Line]:
    total = scenario.base or 0.0
    for rank, one in enumerate(outcome.chosen, start=1):
        total += one.gain
        if one.code in communes:
            yield Line(
                rank,
                communes[one.code],
                one.gain,
                scenario.share_of(one.gain),
                scenario.share_of(total),
                one.catchment,
                one.is_forced,
            )


def _when(moments: tuple[int, ...], scenario: Scenario) -> str:
    asked = [number for number, share in enumerate(scenario.shares) if share]
    if list(moments) == asked:
        return "jamais" if len(asked) > 1 else ""
    return "non desservie " + ", ".join(MOMENTS[number] for number in moments)


def _gaps(outcome: Outcome, communes: dict[str, Commune]) -> list[Gap]:
    return [
        Gap(
            communes[one.code],
            one.gain,
            [communes[code].name for code in one.communes if code in communes][:6],
            len(one.communes),
        )
        for one in outcome.after
        if one.code in communes
    ]


def points(scenario: Scenario, found: Reading) -> dict[str, list[dict[str, Any]]]:
    """For the map: what would open, what exists, who remains uncovered (the largest first)."""
    counted = scenario.counted[:DRAWN]
    names = dict(Sheet.objects.filter(pk__in=[one[0] for one in counted]).values_list("pk", "name"))
    return {
        "chosen": [
            _point(one.commune, f"{one.rank}. {one.commune}", one.gain) for one in found.chosen
        ],
        "existing": [
            {"lat": one[1], "lon": one[2], "name": names.get(one[0], "Lieu retiré depuis")}
            for one in counted
        ],
        "missed": [
            _point(one.commune, str(one.commune), one.commune.population)
            for one in found.missed[:DRAWN]
        ],
    }


def _point(commune: Commune, name: str, size: float) -> dict[str, Any]:
    latitude, longitude = commune.centre
    return {
        "lat": round(latitude, 5),
        "lon": round(longitude, 5),
        "name": name,
        "size": round(size),
    }
