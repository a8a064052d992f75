"""The phase after six and twelve months, read in the history; with and without early advice."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Case, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models import Count as Counted
from django.db.models.functions import Coalesce

from preau.portfolio.figures.base import (
    Definition,
    Figure,
    Part,
    Population,
    Section,
    Unit,
    share,
)
from preau.projects.enums import EventKind
from preau.projects.models import Project, ProjectEvent
from preau.resources.enums import Phase

#: Half a year and a year, in days: the same for everybody, whatever the month.
AFTER = {"6": timedelta(days=182), "12": timedelta(days=365)}
#: Advised soon enough for the advice to have had the time to count.
EARLY = timedelta(days=91)
_RANKS = {Phase.IDEA: 0, Phase.STUDY: 1, Phase.WORKS: 2}
_OLD = "les projets de la période déposés depuis assez longtemps"
_NAMES = {"6": "six mois", "12": "un an"}
_DAYS = {key: after.days for key, after in AFTER.items()}

DEFINITIONS = tuple(
    Definition(
        f"advanced_{key}",
        f"Passés à une phase plus avancée en {_NAMES[key]}",
        f"Part des projets dont la phase (idée, étude, opération), {_DAYS[key]} jours après le"
        " dépôt, est plus avancée que le jour du dépôt, d’après l’historique. Un projet dont"
        " personne n’a mis la phase à jour compte comme n’ayant pas avancé.",
        Unit.PERCENT,
        _OLD,
        f"projets déposés depuis {_DAYS[key]} jours ou plus",
        "plus avancés",
        f"projets déposés depuis moins de {_DAYS[key]} jours",
    )
    for key in AFTER
)
WITH_AND_WITHOUT = tuple(
    Definition(
        f"advanced_6_{key}",
        f"Plus avancés en six mois, {name}",
        f"Le même calcul, parmi les projets {among}.",
        Unit.PERCENT,
        _OLD,
        f"projets {among}, déposés depuis {_DAYS['6']} jours ou plus",
        "plus avancés",
    )
    for key, name, among in (
        ("advised", "avec un conseil", f"conseillés dans les {EARLY.days} jours du dépôt"),
        ("alone", "sans conseil", f"non conseillés dans les {EARLY.days} jours du dépôt"),
    )
)
#: Said wherever the two are side by side.
ASSOCIATION = (
    "Ces deux chiffres sont une association, pas une preuve : les projets conseillés tôt ne sont"
    " pas les mêmes que les autres (plus avancés, mieux suivis, plus gros…). L’écart ne mesure pas"
    " l’effet du conseil."
)


def _rank(phase: str) -> Case:
    whens = [When(**{phase: key}, then=Value(rank)) for key, rank in _RANKS.items()]
    return Case(*whens, output_field=IntegerField())


def phase_at(rows: QuerySet[Project], name: str, after: timedelta) -> QuerySet[Project]:
    """The phase that long after the deposit: what was last said by then, else what the first
    change afterwards says it was, else what it still is."""
    lines = ProjectEvent.objects.filter(project=OuterRef("pk"), kind=EventKind.PHASE)
    until = OuterRef("deposited_at") + Value(after)
    last = lines.filter(at__lte=until).exclude(after="").order_by("-at", "-pk").values("after")
    then = lines.filter(at__gt=until).exclude(before="").order_by("at", "pk").values("before")
    found: Any = Coalesce(Subquery(last[:1]), Subquery(then[:1]), F("phase"))
    return rows.annotate(**{name: found})


def _with_phases(population: Population, after: timedelta) -> QuerySet[Project]:
    rows = population.projects.order_by().filter(deposited_at__lte=population.now - after)
    rows = phase_at(rows, "phase_then", timedelta(0))
    rows = phase_at(rows, "phase_later", after)
    return rows.annotate(rank_then=_rank("phase_then"), rank_later=_rank("phase_later"))


_ADVANCED = Q(rank_later__gt=F("rank_then"))


def compute(population: Population) -> list[Figure]:
    every = population.projects.count()
    figures = []
    for key, after in AFTER.items():
        rows = _with_phases(population, after)
        found = rows.aggregate(
            all=Counted("pk"),
            advanced=Counted("pk", filter=_ADVANCED),
            **{f"in_{phase}": Counted("pk", filter=Q(phase_later=phase)) for phase in Phase},
        )
        parts = tuple(
            Part(
                f"En phase « {phase.label} »",
                share(found[f"in_{phase}"], found["all"]),
                found[f"in_{phase}"],
                found["all"],
            )
            for phase in Phase
        )
        figures.append(
            Figure(
                f"advanced_{key}",
                share(found["advanced"], found["all"]),
                found["all"],
                found["advanced"],
                every - found["all"],
                parts if found["all"] else (),
            )
        )
    return figures


def compute_with_and_without(population: Population) -> list[Figure]:
    early = Q(first_advice_at__isnull=False, first_advice_at__lte=F("deposited_at") + Value(EARLY))
    found = _with_phases(population, AFTER["6"]).aggregate(
        advised=Counted("pk", filter=early),
        advised_on=Counted("pk", filter=early & _ADVANCED),
        all=Counted("pk"),
        all_on=Counted("pk", filter=_ADVANCED),
    )
    alone, alone_on = found["all"] - found["advised"], found["all_on"] - found["advised_on"]
    return [
        Figure(
            "advanced_6_advised",
            share(found["advised_on"], found["advised"]),
            found["advised"],
            found["advised_on"],
        ),
        Figure("advanced_6_alone", share(alone_on, alone), alone, alone_on),
    ]


SECTION = Section("phases", "La phase après six mois et un an", compute, DEFINITIONS)
COHORT = Section(
    "avec-et-sans", "Avec et sans conseil", compute_with_and_without, WITH_AND_WITHOUT, ASSOCIATION
)
