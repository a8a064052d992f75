"""The draft annex of the agreements: who pays what, and why (PDF); the same table (CSV)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from preau.core import clock, formats
from preau.core.tables.writing import Cell, csv_lines
from preau.documents import rendering
from preau.economics.enums import CostPart, RuleChoice
from preau.economics.gaming import compare
from preau.economics.models import CostAllocation
from preau.economics.sharing.game import Game
from preau.economics.sharing.rules import Sharing, hours

HEADINGS = (
    "Occupant",
    "Heures",
    "Surface (m²)",
    "Demi-journées",
    "Coût s’il était seul (€)",
    "Heures × m² (€)",
    "Part fixe égale (€)",
    "Shapley (€)",
)


def csv(game: Game) -> Iterator[str]:
    """One occupant a line, the three rules side by side, then the total."""
    return csv_lines(HEADINGS, _rows(game))


def _rows(game: Game) -> Iterator[list[Cell]]:
    sharings = [one.sharing for one in compare(game)]
    for number, provider in enumerate(game.providers):
        yield [
            provider.name,
            provider.minutes / 60,
            provider.square_metres,
            len(provider.half_days),
            game.alone(provider) / 100,
            *(one.shares[number].cents / 100 for one in sharings),
        ]
    yield ["Total", None, None, None, None, *(one.total / 100 for one in sharings)]


def pdf(allocation: CostAllocation, game: Game, sharing: Sharing, answer_by: date) -> bytes:
    now = clock.now()
    period = formats.days(allocation.first_day, allocation.last_day)
    data = {
        "title": "Annexe : répartition des coûts",
        "subtitle": f"{allocation.place_name}, {period}",
        "reference": "Projet d’annexe",
        "sender": [str(allocation.organization)],
        "rule": RuleChoice(sharing.rule.value).label,
        "why": RULES[sharing.rule.value],
        "answer_by": formats.day(answer_by),
        "total": formats.euros(sharing.total),
        "costs": _costs(allocation),
        "shares": [
            [
                provider.name,
                hours(provider.minutes),
                f"{formats.number(provider.square_metres)}{formats.NBSP}m²",
                str(len(provider.half_days)),
                formats.euros(one.alone),
                formats.euros(one.cents),
            ]
            for provider, one in zip(game.providers, sharing.shares, strict=True)
        ],
        "reasons": [
            {
                "name": one.provider,
                "parts": [[part.words, formats.euros(part.cents)] for part in one.parts],
            }
            for one in sharing.shares
        ],
        "nobody_more": sharing.nobody_pays_more_than_alone,
    }
    return rendering.render("economics/annexe.typ", data, at=now, trial=False)


def _costs(allocation: CostAllocation) -> list[list[str]]:
    return [
        [
            one.label,
            CostPart(one.part).label + _of_a_room(one.square_metres),
            formats.euros(one.cents),
        ]
        for one in allocation.items.all()
    ]


def _of_a_room(square_metres: int | None) -> str:
    return f", {formats.number(square_metres)}{formats.NBSP}m²" if square_metres else ""


RULES = {
    "heures_m2": "Le coût total est réparti au prorata des heures multipliées par la surface de la"
    " plus grande salle utilisée.",
    "fixe_egal": "L’ouverture et les salles sont partagées en parts égales ; l’accueil et les"
    " consommations au prorata des heures.",
    "shapley": "Chacun partage à égalité ce dont il a besoin avec ceux qui en ont besoin aussi :"
    " l’ouverture entre tous, chaque demi-journée d’accueil entre ceux qui y viennent, chaque"
    " palier de salle entre ceux à qui il faut au moins cette surface (valeur de Shapley ;"
    " Littlechild et Owen, 1973). Aucun groupe ne paierait moins en partant.",
}
