"""Spare capacity of a territory, an organisation, a place: the page, its files, its suggestions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from preau.accounts.actors import actor_of
from preau.accounts.perms import permission
from preau.capacity import shown
from preau.capacity.forms import Asked, PeriodForm, ScopeForm, coming_year, past_year
from preau.capacity.grids import USEFUL_OF, Measure
from preau.capacity.perms import can_read_territories
from preau.capacity.queries import scopes
from preau.capacity.queries.figures import Reading, live, read
from preau.capacity.queries.scopes import Scope
from preau.core.errors import Refusal
from preau.core.formats import WEEKDAYS
from preau.core.tables.writing import csv_lines
from preau.places.models import Place

GRID_COLUMNS = (
    "territoire ou lieu",
    "du",
    "au",
    "période",
    "jour",
    "heure",
    "mesure",
    "heures",
    "heures × m²",
)
LINE_COLUMNS = (
    "territoire ou lieu",
    "du",
    "au",
    "lieu",
    "commune",
    "espaces",
    "heures ouvertes",
    "heures libres utiles",
    "part libre (%)",
    "heures × m² libres",
)
MEASURES = (
    (Measure.CLOCK, "existence"),
    (Measure.OPEN, "ouverture"),
    (Measure.CLOSED, "fermeture exceptionnelle"),
    (Measure.USED, "occupation"),
    (Measure.BUFFER, "préparation et remise en état"),
    (Measure.FREE, "libre"),
    (Measure.USEFUL, "libre utile"),
    (Measure.USEFUL_2H, "libre 2 h ou plus"),
    (Measure.USEFUL_4H, "libre 4 h ou plus"),
)


def load_place(*, counted_place: int) -> Place:
    return get_object_or_404(Place.objects.select_related("owner", "commune"), pk=counted_place)


@permission("capacity.read")
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """The capacity of whatever territory, place or organisation is asked."""
    actor = actor_of(request)
    if not can_read_territories(actor):
        return render(request, "capacity/nobody.html")
    form = ScopeForm.of(request.GET)
    context: dict[str, Any] = {"form": form}
    scope, choices = asked_scope(request, form)
    if choices:
        context["choices"] = [(one, f"{_address(one)}") for one in choices]
    if scope is not None and (not form.is_bound or form.is_valid()):
        context |= _read(scope, form)
    return render(request, "capacity/overview.html", context)


def answered(form: PeriodForm, reads: Callable[[Asked], Reading]) -> tuple[Reading, Asked]:
    """The year that is over; the one to come where nothing was there before."""
    asked = form.asked()
    reading = reads(asked)
    if not reading.spaces and not asked.chosen:
        first, last = coming_year()
        asked = replace(asked, first=first, last=last)
        reading = reads(asked)
    form.write(asked)
    return reading, asked


def _years(address: str, scope: Scope, asked: Asked) -> list[tuple[str, str, bool]]:
    """The two periods that are asked most, in one press."""
    years = (("Douze derniers mois", past_year()), ("Douze mois à venir", coming_year()))
    return [
        (
            label,
            f"{address}?{_query(scope, replace(asked, first=year[0], last=year[1]))}",
            year == (asked.first, asked.last),
        )
        for label, year in years
    ]


def asked_scope(request: HttpRequest, form: ScopeForm) -> tuple[Scope | None, list[Scope]]:
    """What the field « Territoire, lieu ou structure » means, or what it may mean; it is then
    written there in full."""
    typed = request.GET.get("ou", "").strip()[:120]
    try:
        if typed:
            scope, choices = scopes.asked(typed)
        else:
            scope, choices = scopes.home_of(actor_of(request).organization), []
    except Refusal as refusal:
        form.is_valid()
        form.add_error("ou", refusal.sentence)
        return None, []
    if scope is not None:
        form.initial["ou"] = scope.label
        if form.is_bound and typed in ("", scope.key):
            form.data = data = request.GET.copy()
            data["ou"] = scope.label
    return scope, choices


def _address(scope: Scope, asked: Asked | None = None) -> str:
    return f"{reverse('capacity:overview')}?{_query(scope, asked)}"


def _query(scope: Scope, asked: Asked | None) -> str:
    if asked is None:
        return urlencode({"ou": scope.key})
    return urlencode(
        {
            "ou": scope.key,
            "du": f"{asked.first:%d/%m/%Y}",
            "au": f"{asked.last:%d/%m/%Y}",
            "mini": int(asked.useful),
            "voir": str(asked.shown),
        }
    )


def _read(scope: Scope, form: PeriodForm) -> dict[str, Any]:
    reading, asked = answered(
        form, lambda one: read(scope, one.first, one.last, USEFUL_OF[one.useful])
    )
    query, address = _query(scope, asked), reverse("capacity:overview")
    return shown.context(reading, asked) | {
        "scope": scope,
        "years": _years(address, scope, asked),
        "query": query,
        "deeper": [
            (one, f"{address}?{urlencode({'ou': one.key})}", shown.percent(one.free_share))
            for one in shown.lines_of(reading)
        ],
        "grid_csv": f"{reverse('capacity:grid_csv')}?{query}",
        "lines_csv": f"{reverse('capacity:lines_csv')}?{query}",
        "more_url": f"{reverse('capacity:more')}?{urlencode({'ou': scope.key})}",
    }


@permission("capacity.read_place", load=load_place)
@require_safe
def place(request: HttpRequest, one: Place) -> HttpResponse:
    """The same for those who run the place."""
    form = PeriodForm.of(request.GET)
    context: dict[str, Any] = {"form": form, "place": one}
    if not form.is_bound or form.is_valid():
        scope = scopes.of_place(one)
        reading, asked = answered(
            form, lambda some: live(scope, some.first, some.last, USEFUL_OF[some.useful])
        )
        query = _query(scope, asked)
        csv = reverse("capacity:place_csv", args=[one.pk])
        context |= shown.context(reading, asked) | {
            "scope": scope,
            "years": _years(reverse("capacity:place", args=[one.pk]), scope, asked),
            "deeper": [],
            "grid_csv": f"{csv}?{query}",
            "lines_csv": "",
            "more_url": reverse("capacity:place_more", args=[one.pk]),
        }
    return render(request, "capacity/place.html", context)


@permission("capacity.read")
@require_safe
def suggest(request: HttpRequest) -> HttpResponse:
    """Options of the field « Territoire, lieu ou structure »."""
    found = []
    if can_read_territories(actor_of(request)):
        found = scopes.suggested(request.GET.get("q", ""))
    return render(request, "capacity/suggested.html", {"found": found})


# --- Files


@permission("capacity.read")
@require_safe
def grid_csv(request: HttpRequest) -> HttpResponse:
    """The week, hour by hour, for a spreadsheet."""
    reading, _ = _for_file(request)
    if reading is None:
        return render(request, "capacity/nobody.html")
    return _file("capacite-semaine", GRID_COLUMNS, _grid_rows(reading))


@permission("capacity.read")
@require_safe
def lines_csv(request: HttpRequest) -> HttpResponse:
    """Every place, or every département, with its unused hours."""
    reading, _ = _for_file(request)
    if reading is None:
        return render(request, "capacity/nobody.html")
    return _file("capacite-lieux", LINE_COLUMNS, _line_rows(reading))


@permission("capacity.read_place", load=load_place)
@require_safe
def place_csv(request: HttpRequest, one: Place) -> HttpResponse:
    form = PeriodForm(request.GET)
    asked = form.asked() if form.is_valid() else Asked(*past_year())
    reading = live(scopes.of_place(one), asked.first, asked.last)
    return _file("capacite-semaine", GRID_COLUMNS, _grid_rows(reading))


def _for_file(request: HttpRequest) -> tuple[Reading | None, Asked]:
    form = PeriodForm(request.GET)
    asked = form.asked() if form.is_valid() else Asked(*past_year())
    if not can_read_territories(actor_of(request)):
        return None, asked
    try:
        scope = scopes.scope_of(request.GET.get("ou", ""))
    except Refusal:
        scope = scopes.home_of(actor_of(request).organization)
    return read(scope, asked.first, asked.last, USEFUL_OF[asked.useful]), asked


def _grid_rows(reading: Reading) -> Iterator[tuple[Any, ...]]:
    for kind, _, title in shown.KINDS:
        for day, name in enumerate(WEEKDAYS):
            for hour in range(24):
                for number, label in MEASURES:
                    hours, surface = reading.grids[:, kind, number, day, hour]
                    if hours:
                        yield (
                            *(reading.scope.name, reading.first, reading.last, title, name),
                            *(f"{hour} h", label, round(float(hours), 2)),
                            round(float(surface), 1),
                        )


def _line_rows(reading: Reading) -> Iterator[tuple[Any, ...]]:
    for one in reading.lines:
        share = one.free_share
        yield (
            *(reading.scope.name, reading.first, reading.last, one.name, one.detail, one.spaces),
            *(round(one.open_hours, 1), round(one.useful_hours, 1)),
            None if share is None else round(100 * share, 1),
            None
            if one.useful_square_metre_hours is None
            else round(one.useful_square_metre_hours, 1),
        )


def _file(name: str, columns: tuple[str, ...], rows: Iterator[tuple[Any, ...]]) -> HttpResponse:
    answer = StreamingHttpResponse(csv_lines(columns, rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer  # type: ignore[return-value]  # both are responses
