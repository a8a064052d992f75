"""What held projects back, and how long."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, Count, F, Q, When

from preau.portfolio.figures.base import (
    Definition,
    Figure,
    Part,
    Percentile,
    Population,
    Section,
    Unit,
    days_between,
    share,
    tenth,
)
from preau.portfolio.figures.delays import UNBLOCKED
from preau.projects.enums import BlockageState
from preau.projects.models import Blockage
from preau.projects.queries.blockages import STANDS
from preau.resources.enums import BlockageKind

_ALL = "les blocages déclarés sur les projets de la période"
DEFINITIONS = (
    Definition(
        "blockages",
        "Blocages déclarés",
        "Tous, quelle que soit leur suite.",
        Unit.COUNT,
        _ALL,
        "projets de la période",
    ),
    Definition(
        "lifted",
        "Blocages levés",
        "Part de ceux qui sont levés ou contournés. Les abandonnés comptent dans le total.",
        Unit.PERCENT,
        _ALL,
        "blocages déclarés",
        "levés ou contournés",
        "encore bloquants",
    ),
    Definition(
        "lifted_median",
        "Durée médiane d’un blocage",
        "De la déclaration à la levée : la moitié a duré moins longtemps. Ceux qui durent encore"
        " sont à part.",
        Unit.DAYS,
        _ALL,
        "blocages levés ou contournés",
        waiting="encore bloquants",
    ),
    Definition(
        "lifted_p90",
        "Durée de neuf blocages sur dix",
        "De la déclaration à la levée : neuf sur dix ont duré moins longtemps. Ceux qui durent"
        " encore sont à part.",
        Unit.DAYS,
        _ALL,
        "blocages levés ou contournés",
        waiting="encore bloquants",
    ),
    Definition(
        "abandoned",
        "Blocages abandonnés",
        "Part de ceux que l’on a renoncé à lever.",
        Unit.PERCENT,
        _ALL,
        "blocages déclarés",
        "abandonnés",
    ),
)


def compute(population: Population) -> list[Figure]:
    lasted = days_between(F("opened_at"), F("ended_at"))
    rows = Blockage.objects.filter(project__in=population.keys()).annotate(
        lasted=Case(When(state__in=UNBLOCKED, then=lasted))
    )
    asked: dict[str, Any] = {
        "all": Count("pk"),
        "lifted": Count("pk", filter=Q(state__in=UNBLOCKED)),
        "standing": Count("pk", filter=STANDS),
        "abandoned": Count("pk", filter=Q(state=BlockageState.ABANDONED)),
        "median": Percentile("lasted", 0.5),
        "p90": Percentile("lasted", 0.9),
    }
    whole = rows.aggregate(**asked)
    known: dict[str, dict[str, Any]] = {
        row["kind"]: dict(row) for row in rows.order_by().values("kind").annotate(**asked)
    }
    kinds = [(kind.label, known[kind]) for kind in BlockageKind if kind in known]
    return _figures(whole, kinds, population.projects.count())


Row = dict[str, Any]


def _figures(whole: Row, kinds: list[tuple[str, Row]], projects: int) -> list[Figure]:
    return [
        Figure(
            "blockages",
            whole["all"],
            projects,
            parts=tuple(Part(name, row["all"], row["all"], whole["all"]) for name, row in kinds),
        ),
        Figure(
            "lifted",
            share(whole["lifted"], whole["all"]),
            whole["all"],
            whole["lifted"],
            whole["standing"],
            tuple(
                Part(name, share(row["lifted"], row["all"]), row["lifted"], row["all"])
                for name, row in kinds
            ),
        ),
        *[
            Figure(
                f"lifted_{which}",
                tenth(whole[which]),
                whole["lifted"],
                waiting=whole["standing"],
                parts=tuple(
                    Part(name, tenth(row[which]), row["lifted"], row["lifted"])
                    for name, row in kinds
                ),
            )
            for which in ("median", "p90")
        ],
        Figure(
            "abandoned",
            share(whole["abandoned"], whole["all"]),
            whole["all"],
            whole["abandoned"],
        ),
    ]


SECTION = Section("blocages", "Les blocages", compute, DEFINITIONS)
