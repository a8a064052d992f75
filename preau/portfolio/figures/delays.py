"""How long a project waits: for an acknowledgement, a first advice, an unblocking."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Exists, F, Min, OuterRef, Q, Subquery

from preau.portfolio.figures.base import (
    Definition,
    Figure,
    Percentile,
    Population,
    Section,
    Unit,
    days_between,
    tenth,
)
from preau.projects.enums import LIVE, BlockageState, Origin
from preau.projects.models import Blockage

#: A blockage that is over because it was dealt with; an abandoned one was not.
UNBLOCKED = frozenset({BlockageState.LIFTED, BlockageState.BYPASSED})
_PROJECTS = "les projets déposés en ligne pendant la période, sans ceux repris d’un portefeuille"


def _pair(key: str, what: str, start: str, end: str, waiting: str) -> tuple[Definition, ...]:
    who = f"Compté en jours, nuits et week-ends compris, {start} {end}."
    late = f"Ceux qui attendent encore ne sont pas dans le calcul : {waiting}, ils sont à part."
    return (
        Definition(
            f"{key}_median",
            f"{what} : délai médian",
            f"La moitié des projets a attendu moins longtemps. {who} {late}",
            Unit.DAYS,
            _PROJECTS,
            "projets arrivés à cette étape",
            waiting="projets en attente",
        ),
        Definition(
            f"{key}_p90",
            f"{what} : délai de neuf sur dix",
            f"Neuf projets sur dix ont attendu moins longtemps. {who} {late}",
            Unit.DAYS,
            _PROJECTS,
            "projets arrivés à cette étape",
            waiting="projets en attente",
        ),
    )


DEFINITIONS = (
    *_pair(
        "acknowledged",
        "Prise en compte",
        "du dépôt",
        "à la prise en compte par un service",
        "projets vivants pas encore pris en compte",
    ),
    *_pair(
        "advised",
        "Premier conseil",
        "du dépôt",
        "à la première recommandation envoyée",
        "projets vivants sans recommandation",
    ),
    *_pair(
        "unblocked",
        "Premier déblocage",
        "du dépôt",
        "au premier blocage levé ou contourné",
        "projets vivants qui ont déclaré un blocage dont aucun n’est levé",
    ),
)


def compute(population: Population) -> list[Figure]:
    of_project = Blockage.objects.filter(project=OuterRef("pk"))
    first = (
        of_project.filter(state__in=UNBLOCKED)
        .order_by()
        .values("project")
        .annotate(first=Min("ended_at"))
        .values("first")
    )
    # What a service brought in from its own table was acknowledged before it came here.
    filed_here = population.projects.exclude(origin=Origin.IMPORT)
    rows = filed_here.order_by().annotate(unblocked_at=Subquery(first), had_one=Exists(of_project))
    ends = {
        "acknowledged": ("acknowledged_at", Q()),
        "advised": ("first_advice_at", Q()),
        "unblocked": ("unblocked_at", Q(had_one=True)),
    }
    rows = rows.annotate(
        **{f"{key}_days": days_between(F("deposited_at"), F(end)) for key, (end, _) in ends.items()}
    )
    asked: dict[str, Any] = {}
    for key, (end, among) in ends.items():
        days = f"{key}_days"
        asked |= {
            f"{key}_median": Percentile(days, 0.5),
            f"{key}_p90": Percentile(days, 0.9),
            f"{key}_count": Count(days),
            f"{key}_waiting": Count("pk", filter=among & Q(state__in=LIVE, **{end: None})),
        }
    found = rows.aggregate(**asked)
    return [
        Figure(
            f"{key}_{which}",
            tenth(found[f"{key}_{which}"]),
            found[f"{key}_count"],
            waiting=found[f"{key}_waiting"],
        )
        for key in ends
        for which in ("median", "p90")
    ]


SECTION = Section("delais", "Les délais", compute, DEFINITIONS)
