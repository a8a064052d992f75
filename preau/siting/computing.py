"""From a scenario to its result: what the base says, the solver, what is kept."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db.models import Max, Min

from preau.core import clock, formats
from preau.core.errors import Refusal
from preau.directory.queries.points import existing_points
from preau.siting.enums import ProofState
from preau.siting.models import Scenario
from preau.siting.outcome import Chosen, Next, Outcome
from preau.siting.solving import reach, solve
from preau.siting.solving.posing import Ground, Places, Posed, Terms, mean_km, pose
from preau.siting.solving.problem import Answer, Proof
from preau.siting.solving.sparse import Bools
from preau.siting.travel import minutes_between
from preau.territories.areas import area, communes_of, departements_of
from preau.territories.models import Commune, DataVersion

#: Up to that many communes the answer comes with the page; beyond, a worker's.
AT_ONCE = 6000
AT_ONCE_PAIRS = 1_000_000
#: Next best places told, once the scenario's own are placed.
NEXT = 12
_PROOFS = {
    Proof.BOUND: ProofState.BOUND,
    Proof.OPTIMAL: ProofState.OPTIMAL,
    Proof.STOPPED: ProofState.STOPPED,
}
_KM_PER_DEGREE = 111.0


@dataclass(frozen=True, slots=True)
class Asked:
    """A scenario as the solver takes it."""

    codes: list[str]
    ground: Ground
    existing: Places
    terms: Terms
    posed: Posed

    @property
    def is_quick(self) -> bool:
        """Whether the person may wait for the answer."""
        pairs = len(self.posed.problem.covers.items)
        return len(self.codes) <= AT_ONCE and pairs <= AT_ONCE_PAIRS


def prepare(scenario: Scenario) -> Asked:
    """Read the communes, the places that exist (once: they are kept), and pose the problem.

    Raises:
        Refusal: nobody lives there, or a commune is asked for that is not part of it.
    """
    where = area(scenario.study.area_key)
    rows = list(
        communes_of(where)
        .order_by("code")
        .values_list(
            "code", "population", "latitude", "longitude", "hall_latitude", "hall_longitude"
        )
    )
    codes = [row[0] for row in rows]
    if not sum(row[1] for row in rows):
        raise Refusal("Ce territoire n’a pas d’habitant connu : rien à couvrir.", code="nobody")
    points = reach.on_sphere(
        np.array([row[2] if row[4] is None else row[4] for row in rows], dtype=np.float64),
        np.array([row[3] if row[5] is None else row[5] for row in rows], dtype=np.float64),
    )
    minutes = minutes_between(scenario.travel_times, codes) if scenario.travel_times else None
    ground = Ground(np.array([row[1] for row in rows], dtype=np.float64), points, minutes)
    if not scenario.counted and scenario.counts_existing and scenario.computed_at is None:
        scenario.counted = _existing(scenario)
    rank = {code: number for number, code in enumerate(codes)}
    existing = _places(scenario.counted, rank)
    terms = _terms(scenario, rank)
    try:
        posed = pose(ground, existing, terms)
    except reach.TooManyPairs:
        raise Refusal(
            "Ce rayon est trop grand pour un territoire de cette taille : presque tout y serait"
            " à portée de tout. Réduisez le rayon.",
            field="radius_km",
            code="too_wide",
        ) from None
    return Asked(codes, ground, existing, terms, posed)


def compute(scenario: Scenario, asked: Asked, watch: solve.Watch | None = None) -> None:
    """Solve and write the result in the scenario (not saved). With `watch`, to the proof."""
    started = time.monotonic()
    problem = asked.posed.problem
    answer = solve.quick(problem) if watch is None else solve.prove(problem, watch)
    scenario.result = _outcome(scenario, asked, answer).packed()
    scenario.total, scenario.base = answer.total, answer.base
    scenario.covered, scenario.bound = answer.covered, answer.bound
    scenario.proof = _PROOFS[answer.proof]
    scenario.seconds = round(time.monotonic() - started, 3)
    scenario.computed_at = clock.now()


def _existing(scenario: Scenario) -> list[list[Any]]:
    """[sheet, latitude, longitude, commune, open in the week, evening, saturday, hours known]."""
    found = existing_points(
        _departements_around(scenario),
        profile=scenario.existing_profile,
        kind=scenario.existing_kind,
        theme=scenario.existing_theme,
    )
    return [
        [
            one.sheet_id,
            round(one.latitude, 5),
            round(one.longitude, 5),
            one.commune_code,
            # Places whose hours nobody wrote are taken to open in the week.
            int(one.weekday or not (one.evening or one.saturday)),
            int(one.evening),
            int(one.saturday),
            int(one.weekday or one.evening or one.saturday),
        ]
        for one in found
    ]


def _departements_around(scenario: Scenario) -> list[str]:
    """Those of the territory and of its surroundings: a place across the border serves too."""
    where = area(scenario.study.area_key)
    inside = communes_of(where)
    if scenario.radius_km is None or inside.count() > AT_ONCE:
        return departements_of(where)
    box = inside.aggregate(
        south=Min("latitude"), north=Max("latitude"), west=Min("longitude"), east=Max("longitude")
    )
    # A commune may reach beyond its centre: half as much again.
    margin = 1.5 * scenario.radius_km / _KM_PER_DEGREE
    wide = margin / max(0.2, float(np.cos(np.radians(box["north"]))))
    near = Commune.objects.filter(
        latitude__range=(box["south"] - margin, box["north"] + margin),
        longitude__range=(box["west"] - wide, box["east"] + wide),
    )
    return sorted(near.order_by().values_list("departement_id", flat=True).distinct())


def _places(counted: list[list[Any]], rank: dict[str, int]) -> Places:
    if not counted:
        nowhere = np.zeros((0, 3))
        return Places(nowhere, np.zeros((0, 3), dtype=np.bool_), np.zeros(0, dtype=np.int64))
    return Places(
        points=reach.on_sphere(
            np.array([one[1] for one in counted], dtype=np.float64),
            np.array([one[2] for one in counted], dtype=np.float64),
        ),
        opens=np.array([one[4:7] for one in counted], dtype=np.bool_),
        communes=np.array([rank.get(one[3], -1) for one in counted], dtype=np.int64),
    )


def _terms(scenario: Scenario, rank: dict[str, int]) -> Terms:
    unknown = [one for one in (*scenario.forced, *scenario.excluded) if one not in rank]
    if unknown:
        raise Refusal(
            f"Ces communes ne sont pas dans le territoire étudié : {', '.join(unknown)}.",
            code="outside",
        )
    limit = scenario.radius_km if scenario.radius_km is not None else scenario.minutes
    assert limit is not None  # the database holds it
    return Terms(
        places=scenario.places,
        limit=float(limit),
        moments=tuple(share / 100 for share in scenario.shares),
        opens=scenario.opens,
        critical_mass=float(scenario.critical_mass),
        excluded=frozenset(rank[one] for one in scenario.excluded),
        forced=tuple(rank[one] for one in scenario.forced),
        factor=scenario.factor,
    )


def _outcome(scenario: Scenario, asked: Asked, answer: Answer) -> Outcome:
    posed, codes = asked.posed, asked.codes
    covered = solve.coverage(posed.problem, answer.chosen)
    communes = posed.communes[list(answer.chosen)]
    forced = set(scenario.forced)
    everywhere = np.concatenate((asked.existing.points, asked.ground.points[communes]))
    return Outcome(
        chosen=[
            Chosen(
                codes[int(posed.communes[candidate])],
                gain,
                int(posed.catchments[candidate]),
                codes[int(posed.communes[candidate])] in forced,
            )
            for candidate, gain in zip(answer.chosen, answer.gains, strict=True)
        ],
        uncovered=_uncovered(asked, covered),
        after=_next(asked, covered),
        mean_before=_mean(asked, asked.existing.points),
        mean_after=_mean(asked, everywhere),
        existing=len(scenario.counted),
        unknown_hours=sum(1 for one in scenario.counted if not one[7]),
        versions=_versions(),
    )


def _uncovered(asked: Asked, covered: Bools) -> dict[str, tuple[int, ...]]:
    missing = (asked.posed.problem.weights > 0) & ~covered
    return {
        asked.codes[int(row)]: tuple(int(one) for one in np.flatnonzero(missing[row]))
        for row in np.flatnonzero(missing.any(axis=1))
    }


def _next(asked: Asked, covered: Bools) -> list[Next]:
    """Where the next places would do most, one after the other."""
    problem, result = asked.posed.problem, []
    left = problem.weights * ~covered
    sizes = problem.covers.columns
    opens = problem.opens[0] if len(problem.opens) else np.zeros(left.shape[1], dtype=np.bool_)
    worth = left[:, opens].sum(axis=1)
    for _ in range(NEXT):
        gains = np.bincount(sizes, worth[problem.covers.items], minlength=len(problem.covers))
        if not len(gains) or gains.max() < 1:
            break
        best = int(np.argmax(gains))
        rows = problem.covers.of(best)
        served = sorted(rows[worth[rows] > 0], key=lambda row: -worth[row])
        result.append(
            Next(
                asked.codes[int(asked.posed.communes[best])],
                float(gains[best]),
                [asked.codes[int(row)] for row in served],
            )
        )
        worth[rows] = 0
    return result


def _mean(asked: Asked, points: Any) -> float | None:
    if not len(points):
        return None
    return round(mean_km(asked.ground, points, asked.terms.factor), 3)


def _versions() -> dict[str, str]:
    version = DataVersion.objects.filter(name="territories").first()
    return {
        "territories": version.digest[:12] if version else "",
        "territories_on": formats.local(version.loaded_at, clock.PARIS).date().isoformat()
        if version
        else "",
        "directory_on": clock.today().isoformat(),
    }
