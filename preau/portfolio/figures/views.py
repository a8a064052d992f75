"""The page of figures of a territory or a programme, and its file."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from preau.accounts.actors import actor_of
from preau.accounts.perms import permission
from preau.core.formats import number
from preau.core.tables.writing import csv_lines
from preau.portfolio.figures import charts, scopes, summaries, words
from preau.portfolio.figures.base import Figure, Unit
from preau.portfolio.figures.catalogue import SECTIONS
from preau.portfolio.figures.enums import Period, ScopeKind
from preau.portfolio.filters import ZONE

COLUMNS = (
    "territoire ou programme",
    "période",
    "rubrique",
    "chiffre",
    "clé",
    "valeur",
    "unité",
    "compté",
    "sur",
    "dénominateur",
    "à part",
    "définition",
    "population",
    "calculé le",
)


def _asked(request: HttpRequest) -> tuple[scopes.Scope | None, Period]:
    scope = scopes.asked_for(actor_of(request), request.GET.get("territoire", ""))
    period = request.GET.get("periode", "")
    return scope, Period(period) if period in Period.values else Period.ALL


@permission("impact.read")
@require_safe
def impact(request: HttpRequest) -> HttpResponse:
    """What came of the projects that a service answers for."""
    scope, period = _asked(request)
    if scope is None:
        return render(request, "portfolio/impact_nobody.html")
    reading = summaries.read(scope, period)
    drawn = _charts(reading.figures)
    context: dict[str, Any] = {
        "scope": scope,
        "period": period,
        "periods": Period.choices,
        "offered": _grouped(scopes.offered_to(actor_of(request)), scope),
        "at": reading.at,
        "sections": [
            (section, words.section_lines(section, reading.figures), drawn.get(section.key))
            for section in SECTIONS
        ],
    }
    return render(request, "portfolio/impact.html", context)


def _grouped(
    offered: list[scopes.Scope], present: scopes.Scope
) -> list[tuple[str, list[scopes.Scope]]]:
    if present.value not in {one.value for one in offered}:
        offered = [*offered, present]
    groups = [(kind, [one for one in offered if one.kind == kind]) for kind in ScopeKind]
    return [(kind.label, found) for kind, found in groups if found]


def _charts(figures: dict[str, Figure]) -> dict[str, charts.Chart]:
    """By section."""
    sent = figures["seen"].denominator
    found = {}
    if sent:
        steps = [("Envoyées", sent)] + [
            (label, figures[key].numerator or 0)
            for key, label in (
                ("seen", "Vues"),
                ("answered", "Avec réponse"),
                ("realised", "Réalisées"),
            )
        ]
        found["conseils"] = charts.rows(
            "conseils",
            "De l’envoi à la réalisation, en nombre de recommandations",
            [(label, float(count), number(count)) for label, count in steps],
        )
    kinds = figures["lifted"].parts
    if kinds:
        found["blocages"] = charts.rows(
            "blocages",
            "Part des blocages levés, par nature",
            [(one.label, one.value, words.value_of(one.value, Unit.PERCENT)) for one in kinds],
        )
    return found


@permission("impact.read")
@require_safe
def download(request: HttpRequest) -> HttpResponse:
    """The same, for a spreadsheet, with the definitions."""
    scope, period = _asked(request)
    if scope is None:
        return render(request, "portfolio/impact_nobody.html")
    reading = summaries.read(scope, period)
    rows = [
        (
            scope.name,
            period.label,
            section.title,
            one.label,
            one.key,
            figure.value,
            str(one.unit),
            figure.numerator,
            figure.denominator,
            one.denominator,
            figure.waiting,
            one.sentence,
            one.population,
            reading.at.astimezone(ZONE),
        )
        for section in SECTIONS
        for one in section.definitions
        if (figure := reading.figures[one.key])
    ]
    answer = StreamingHttpResponse(csv_lines(COLUMNS, rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="impact-{scope.value}.csv"'
    return answer  # type: ignore[return-value]  # both are responses
