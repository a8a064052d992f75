"""What holders say: of each recommendation, and at the end."""

from __future__ import annotations

from django.db.models import Avg, Count, OuterRef, Q, Subquery

from preau.portfolio.figures.base import (
    Definition,
    Figure,
    Part,
    Population,
    Section,
    Unit,
    share,
    tenth,
)
from preau.projects.enums import SHOWN, ProjectState, ReviewSide
from preau.projects.models import ImpactReview, Recommendation, RecommendationAnswer
from preau.projects.words.impact import DIFFERENCE

_REVIEWS = "les bilans terminés, écrits du côté des porteurs"
DEFINITIONS = (
    Definition(
        "helpful",
        "Recommandations jugées utiles",
        "Part de « oui » à « Cette recommandation vous aide-t-elle ? », parmi celles où le porteur"
        " a répondu à cette question. Sa dernière réponse compte.",
        Unit.PERCENT,
        "les recommandations envoyées aux porteurs des projets de la période",
        "recommandations où la question a une réponse",
        "jugées utiles",
    ),
    Definition(
        "reviewed",
        "Projets clos avec un bilan",
        "Part des projets clos dont le bilan est terminé, par le porteur ou par l’État.",
        Unit.PERCENT,
        "les projets de la période qui sont clos",
        "projets clos",
        "avec un bilan",
    ),
    Definition(
        "satisfaction",
        "Satisfaction moyenne",
        "Moyenne des notes de 1 à 5 données par les porteurs dans leurs bilans.",
        Unit.MARK,
        _REVIEWS,
        "notes données",
    ),
    Definition(
        "difference",
        "Projets que l’accompagnement a rendus possibles ou plus grands",
        "Part des bilans qui disent que, sans l’accompagnement, le projet ne se serait pas fait, ou"
        " plus tard, ou en plus petit.",
        Unit.PERCENT,
        _REVIEWS,
        "bilans qui répondent à cette question",
        "ne se serait pas fait, ou plus tard, ou en plus petit",
    ),
)


def compute(population: Population) -> list[Figure]:
    last = (
        RecommendationAnswer.objects.filter(recommendation=OuterRef("pk"), helpful__isnull=False)
        .order_by("-at", "-pk")
        .values("helpful")[:1]
    )
    said = (
        Recommendation.objects.filter(project__in=population.keys(), state__in=SHOWN)
        .annotate(said=Subquery(last))
        .aggregate(all=Count("said"), yes=Count("pk", filter=Q(said=True)))
    )
    closed = population.projects.filter(state=ProjectState.CLOSED).aggregate(
        all=Count("pk"), reviewed=Count("pk", filter=Q(review__finished_at__isnull=False))
    )
    return [
        Figure("helpful", share(said["yes"], said["all"]), said["all"], said["yes"]),
        Figure(
            "reviewed", share(closed["reviewed"], closed["all"]), closed["all"], closed["reviewed"]
        ),
        *_of_reviews(population),
    ]


def _of_reviews(population: Population) -> list[Figure]:
    marks = ImpactReview.objects.filter(
        project__in=population.keys(), finished_at__isnull=False, side=ReviewSide.HOLDER
    ).aggregate(
        average=Avg("satisfaction"),
        marked=Count("satisfaction"),
        answered=Count("difference"),
        **{f"said_{mark}": Count("pk", filter=Q(difference=mark)) for mark in DIFFERENCE},
    )
    counted = marks["said_1"] + marks["said_2"]
    return [
        Figure("satisfaction", tenth(marks["average"]), marks["marked"]),
        Figure(
            "difference",
            share(counted, marks["answered"]),
            marks["answered"],
            counted,
            parts=tuple(
                Part(
                    f"… {words}",
                    share(marks[f"said_{mark}"], marks["answered"]),
                    marks[f"said_{mark}"],
                    marks["answered"],
                )
                for mark, words in DIFFERENCE.items()
                if marks["answered"]
            ),
        ),
    ]


SECTION = Section("paroles", "Ce qu’en disent les porteurs", compute, DEFINITIONS)
