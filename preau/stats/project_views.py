"""The public page about projects, and its file."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from preau.accounts.perms import permission
from preau.core.formats import number
from preau.core.tables.writing import csv_lines
from preau.stats import charts, project_months, project_words, words
from preau.stats.models import ProjectMonth
from preau.territories.models import Departement

COLUMNS = (
    "mois",
    "code du département",
    "département",
    "projets déposés",
    "personnes actives",
    "recommandations envoyées",
    "blocages levés",
    "délai de prise en compte médian (minutes)",
    "délai du premier conseil médian (minutes)",
    "durée d’un blocage médiane (minutes)",
    "recommandations avec réponse (%)",
    "recommandations jugées utiles (%)",
    "financements accordés (milliers d’euros)",
)


@permission("stats.read")
@require_safe
def projects(request: HttpRequest) -> HttpResponse:
    """The country, or `departement`, month after month; every département in one `mois`."""
    departement = _departement(request.GET.get("departement", ""))
    series = project_months.series(departement)
    months = project_months.months()
    month = _month(request.GET.get("mois", ""), months)
    total, whole = project_months.so_far(departement)
    context: dict[str, Any] = {
        "departement": departement,
        "departements": project_months.departements(),
        "months": [(f"{one:%Y-%m}", words.month_name(one)) for one in months],
        "month": f"{month:%Y-%m}" if month else "",
        "month_name": words.month_name(month) if month else "",
        "latest": project_words.line(series[-1]) if series else None,
        "latest_name": words.month_name(series[-1].month) if series else "",
        "lines": [
            (words.month_name(one.month), project_words.line(one)) for one in reversed(series)
        ],
        "charts": _charts(series),
        "so_far": number(total) if whole else f"au moins {number(total)}",
        "territories": [
            (one.departement, project_words.line(one))
            for one in project_months.by_departement(month)
        ]
        if month
        else [],
    }
    return render(request, "stats/projects.html", context)


def _departement(code: str) -> Departement | None:
    if not code.isalnum():
        return None
    return project_months.departements().filter(code=code[:3].upper()).first()


def _month(text: str, months: list[date]) -> date | None:
    """The month asked for, if it has figures; otherwise the latest."""
    asked = [one for one in months if f"{one:%Y-%m}" == text]
    return next(iter(asked or months), None)


def _charts(series: list[ProjectMonth]) -> list[charts.Chart]:
    if not series:
        return []
    deposited = [(words.month_short(one.month), one.deposited) for one in series]
    lifted = [(words.month_short(one.month), one.lifted) for one in series]
    return [
        charts.bars("deposes", "Projets déposés, par mois", deposited, "projets"),
        charts.bars("leves", "Blocages levés, par mois", lifted, "blocages"),
    ]


@permission("stats.read")
@require_safe
def projects_csv(request: HttpRequest) -> HttpResponse:
    """The same figures, all months and all départements, for a spreadsheet."""
    rows = (_row(one) for one in project_months.everything().iterator(chunk_size=2000))
    answer = StreamingHttpResponse(csv_lines(COLUMNS, rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="preau-projets.csv"'
    return answer  # type: ignore[return-value]


def _row(one: ProjectMonth) -> list[Any]:
    line = project_words.line(one)
    counts = [
        line[name] if getattr(one, name) is None else getattr(one, name)
        for name in project_months.COUNTS
    ]
    return [
        f"{one.month:%Y-%m}",
        one.departement_id or "",
        one.departement.name if one.departement else "France entière",
        *counts,
        one.acknowledged_minutes,
        one.advised_minutes,
        one.unblocked_minutes,
        one.answered_percent,
        one.helpful_percent,
        one.granted_kiloeuros,
    ]
