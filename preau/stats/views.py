"""The public page of statistics, and its file."""

from __future__ import annotations

import csv
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from preau.accounts.perms import permission
from preau.stats import charts, queries, words
from preau.stats.models import MonthlyFigure
from preau.territories.models import Departement

COLUMNS = (
    "mois",
    "code du département",
    "département",
    "lieux publiés",
    "espaces publiés",
    "demandes",
    "réservations tenues",
    "heures occupées",
    "délai de réponse médian (minutes)",
    "délai de signature médian (minutes)",
    "confirmées en ligne sans papier (%)",
)


@permission("stats.read")
@require_safe
def public(request: HttpRequest) -> HttpResponse:
    """The country, or `departement`, month after month; every département in one `mois`."""
    departement = _departement(request.GET.get("departement", ""))
    series = queries.series(departement)
    months = queries.months()
    month = _month(request.GET.get("mois", ""), months)
    context: dict[str, Any] = {
        "departement": departement,
        "departements": queries.departements(),
        "months": [(f"{one:%Y-%m}", words.month_name(one)) for one in months],
        "month": f"{month:%Y-%m}" if month else "",
        "month_name": words.month_name(month) if month else "",
        "latest": words.line(series[-1]) if series else None,
        "latest_name": words.month_name(series[-1].month) if series else "",
        "lines": [(words.month_name(one.month), words.line(one)) for one in reversed(series)],
        "charts": _charts(series),
        "territories": [(one.departement, words.line(one)) for one in queries.by_departement(month)]
        if month
        else [],
    }
    return render(request, "stats/public.html", context)


def _departement(code: str) -> Departement | None:
    return queries.departements().filter(code=code[:3].upper()).first() if code.isalnum() else None


def _month(text: str, months: list[date]) -> date | None:
    """The month asked for, if it has figures; otherwise the latest."""
    asked = [one for one in months if f"{one:%Y-%m}" == text]
    return next(iter(asked or months), None)


def _charts(series: list[MonthlyFigure]) -> list[charts.Chart]:
    if not series:
        return []
    hours = [
        (words.month_short(one.month), None if one.minutes is None else round(one.minutes / 60))
        for one in series
    ]
    held = [(words.month_short(one.month), one.held) for one in series]
    return [
        charts.bars("tenues", "Réservations tenues, par mois", held, "réservations"),
        charts.bars("heures", "Heures occupées, par mois", hours, "heures"),
    ]


@permission("stats.read")
@require_safe
def download(request: HttpRequest) -> HttpResponse:
    """The same figures, all months and all départements, for a spreadsheet."""
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="preau-statistiques.csv"'
    writer = csv.writer(response, delimiter=";")
    writer.writerow(COLUMNS)
    for figure in queries.everything():
        writer.writerow(_row(figure))
    return response


def _row(figure: MonthlyFigure) -> list[object]:
    minutes = figure.minutes
    line = words.line(figure)
    plain = {
        name: line[name] if getattr(figure, name) is None else getattr(figure, name)
        for name in ("asked", "held")
    }
    return [
        f"{figure.month:%Y-%m}",
        figure.departement_id or "",
        figure.departement.name if figure.departement else "France entière",
        figure.places,
        figure.spaces,
        plain["asked"],
        plain["held"],
        line["hours"] if minutes is None else round(minutes / 60),
        figure.answer_minutes if figure.answer_minutes is not None else "",
        figure.signature_minutes if figure.signature_minutes is not None else "",
        figure.online_percent if figure.online_percent is not None else "",
    ]
