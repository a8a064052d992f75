"""Money asked for and granted."""

from __future__ import annotations

from django.db.models import Count, Q, Sum

from preau.portfolio.figures.base import Definition, Figure, Population, Section, Unit, share
from preau.projects.enums import FUNDING_SENT, FundingState
from preau.projects.models import FundingRequest

_S = FundingState
_SENT = "les demandes de financement déposées pour les projets de la période"
DEFINITIONS = (
    Definition(
        "asked_euros",
        "Montant demandé",
        "Somme des demandes déposées auprès d’un financeur, quelle que soit sa réponse. Celles qui"
        " sont seulement envisagées, ou retirées, ne comptent pas.",
        Unit.EUROS,
        _SENT,
        "demandes déposées",
    ),
    Definition(
        "granted_euros",
        "Montant accordé",
        "Somme des montants accordés, tels que le porteur ou un service les a notés.",
        Unit.EUROS,
        _SENT,
        "demandes accordées",
        waiting="demandes sans réponse",
    ),
    Definition(
        "granted_share",
        "Demandes accordées",
        "Part des demandes accordées, même en partie, parmi celles qui ont une réponse.",
        Unit.PERCENT,
        _SENT,
        "demandes qui ont une réponse",
        "accordées",
        "demandes sans réponse",
    ),
    Definition(
        "granted_rate",
        "Part du montant accordée",
        "Euros accordés pour cent euros demandés, parmi les demandes qui ont une réponse.",
        Unit.PERCENT,
        _SENT,
        "demandes qui ont une réponse",
        waiting="demandes sans réponse",
    ),
    Definition(
        "funded",
        "Projets qui ont obtenu de l’argent",
        "Part des projets avec au moins une demande accordée, parmi ceux qui en ont déposé une.",
        Unit.PERCENT,
        "les projets de la période qui ont déposé une demande",
        "projets avec une demande déposée",
        "avec une demande accordée",
    ),
)


def compute(population: Population) -> list[Figure]:
    granted, waiting = Q(state=_S.GRANTED), Q(state=_S.ASKED)
    found = FundingRequest.objects.filter(
        project__in=population.keys(), state__in=FUNDING_SENT
    ).aggregate(
        sent=Count("pk"),
        asked=Sum("asked_cents", default=0),
        granted=Count("pk", filter=granted),
        granted_cents=Sum("granted_cents", default=0),
        waiting=Count("pk", filter=waiting),
        answered_cents=Sum("asked_cents", filter=~waiting, default=0),
        projects=Count("project", distinct=True),
        funded=Count("project", distinct=True, filter=granted),
    )
    answered = found["sent"] - found["waiting"]
    return [
        Figure("asked_euros", found["asked"] / 100, found["sent"]),
        Figure(
            "granted_euros",
            found["granted_cents"] / 100,
            found["granted"],
            waiting=found["waiting"],
        ),
        Figure(
            "granted_share",
            share(found["granted"], answered),
            answered,
            found["granted"],
            found["waiting"],
        ),
        Figure(
            "granted_rate",
            share(found["granted_cents"], found["answered_cents"]),
            answered,
            waiting=found["waiting"],
        ),
        Figure(
            "funded", share(found["funded"], found["projects"]), found["projects"], found["funded"]
        ),
    ]


SECTION = Section("argent", "Le financement", compute, DEFINITIONS)
