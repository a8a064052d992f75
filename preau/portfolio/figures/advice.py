"""What becomes of the recommendations that were sent."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Case, Count, DurationField, ExpressionWrapper, F, Q, When

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
from preau.projects.enums import SHOWN, RecommendationState
from preau.projects.models import Recommendation
from preau.resources.enums import HelpKind

_R = RecommendationState
_SENT = "les recommandations envoyées aux porteurs des projets de la période"
WITHIN = {
    "seen_7": ("seen_at", timedelta(days=7)),
    "answered_30": ("answered_at", timedelta(days=30)),
}


def _share_of(key: str, label: str, sentence: str, numerator: str) -> Definition:
    return Definition(
        key, label, sentence, Unit.PERCENT, _SENT, "recommandations envoyées", numerator
    )


DEFINITIONS = (
    Definition(
        "sent",
        "Recommandations envoyées",
        "Toutes celles qu’un porteur a reçues, brouillons exclus.",
        Unit.COUNT,
        _SENT,
        "projets de la période",
    ),
    _share_of(
        "seen",
        "Recommandations vues",
        "Part de celles que quelqu’un, du côté du porteur, a ouvertes ou auxquelles il a répondu.",
        "vues",
    ),
    _share_of(
        "answered",
        "Recommandations avec une réponse",
        "Part de celles qui ont reçu au moins une réponse, quelle qu’elle soit.",
        "avec réponse",
    ),
    _share_of(
        "realised",
        "Recommandations réalisées",
        "Part de celles dont le porteur dit, dans sa dernière réponse, qu’elle est réalisée.",
        "réalisées",
    ),
    _share_of(
        "refused",
        "Recommandations refusées",
        "Part de celles dont le porteur dit, dans sa dernière réponse, qu’il ne la suivra pas.",
        "refusées",
    ),
    Definition(
        "seen_7",
        "Vues en une semaine",
        "Part de celles vues dans les 7 jours, parmi celles envoyées il y a au moins 7 jours.",
        Unit.PERCENT,
        _SENT,
        "recommandations envoyées il y a 7 jours ou plus",
        "vues dans les 7 jours",
        "envoyées depuis moins de 7 jours",
    ),
    Definition(
        "answered_30",
        "Réponse en un mois",
        "Part de celles qui ont une réponse dans les 30 jours, parmi celles envoyées il y a au"
        " moins 30 jours.",
        Unit.PERCENT,
        _SENT,
        "recommandations envoyées il y a 30 jours ou plus",
        "avec réponse dans les 30 jours",
        "envoyées depuis moins de 30 jours",
    ),
    Definition(
        "answer_median",
        "Délai de réponse médian",
        "De l’envoi à la réponse, en jours : la moitié des réponses sont venues plus vite. Celles"
        " qui attendent une réponse sont à part.",
        Unit.DAYS,
        _SENT,
        "recommandations avec une réponse",
        waiting="sans réponse, et toujours valables",
    ),
)


def compute(population: Population) -> list[Figure]:
    sent = Recommendation.objects.filter(project__in=population.keys(), state__in=SHOWN)
    marks = {
        "seen": Q(seen_at__isnull=False) | Q(answered_at__isnull=False),
        "answered": Q(answered_at__isnull=False),
        "realised": Q(state=_R.REALISED),
        "refused": Q(state=_R.REFUSED),
    }
    counts: dict[str, Any] = {key: Count("pk", filter=mark) for key, mark in marks.items()}
    by_kind: dict[str, dict[str, Any]] = {
        row["kind"]: dict(row)
        for row in sent.order_by().values("kind").annotate(sent=Count("pk"), **counts)
    }
    whole = {name: sum(row[name] for row in by_kind.values()) for name in ("sent", *marks)}
    figures = [
        Figure("sent", whole["sent"], population.projects.count(), parts=_sent_parts(by_kind))
    ]
    figures += [
        Figure(
            key,
            share(whole[key], whole["sent"]),
            whole["sent"],
            whole[key],
            parts=tuple(
                Part(kind.label, share(row[key], row["sent"]), row[key], row["sent"])
                for kind in HelpKind
                if (row := by_kind.get(kind))
            ),
        )
        for key in marks
    ]
    return figures + _with_time(sent, population)


def _sent_parts(by_kind: dict[str, Any]) -> tuple[Part, ...]:
    whole = sum(row["sent"] for row in by_kind.values())
    return tuple(
        Part(kind.label, by_kind[kind]["sent"], by_kind[kind]["sent"], whole)
        for kind in HelpKind
        if kind in by_kind
    )


def _with_time(sent: Any, population: Population) -> list[Figure]:
    """What depends on how long ago it was sent."""
    asked: dict[str, Any] = {
        "median": Percentile("answer_days", 0.5),
        "answers": Count("answer_days"),
        "waiting": Count("pk", filter=Q(answered_at=None) & ~Q(state=_R.LAPSED)),
    }
    for key, (end, within) in WITHIN.items():
        old = Q(sent_at__lte=population.now - within)
        delay = ExpressionWrapper(F(end) - F("sent_at"), output_field=DurationField())
        sent = sent.annotate(**{f"{key}_delay": Case(When(old, then=delay))})
        asked |= {
            f"{key}_of": Count("pk", filter=old),
            f"{key}_in": Count("pk", filter=Q(**{f"{key}_delay__lte": within})),
            f"{key}_young": Count("pk", filter=~old),
        }
    found = sent.annotate(answer_days=days_between(F("sent_at"), F("answered_at"))).aggregate(
        **asked
    )
    figures = [
        Figure(
            key,
            share(found[f"{key}_in"], found[f"{key}_of"]),
            found[f"{key}_of"],
            found[f"{key}_in"],
            found[f"{key}_young"],
        )
        for key in WITHIN
    ]
    return [
        *figures,
        Figure("answer_median", tenth(found["median"]), found["answers"], waiting=found["waiting"]),
    ]


SECTION = Section("conseils", "Les recommandations", compute, DEFINITIONS)
