"""The impact of shared places: of a territory, and of one place before and after a change."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from preau.accounts.actors import Actor, actor_of
from preau.accounts.perms import allowed, permission
from preau.capacity.actions.impact import follow_change, forget_change, set_factor
from preau.capacity.forms import ChangeForm, FactorForm, ImpactForm
from preau.capacity.grids import Measure
from preau.capacity.impact.base import A_YEAR, Definition, Figure, Question
from preau.capacity.impact.catalogue import compute
from preau.capacity.impact.coming import reads_small
from preau.capacity.impact.occupancy import LEAST_DAYS, pair
from preau.capacity.models import EmissionFactor, PlannedChange
from preau.capacity.perms import can_read_territories
from preau.capacity.queries import scopes
from preau.capacity.queries.scopes import Scope
from preau.capacity.summaries import ZONE
from preau.capacity.views.overview import asked_scope, load_place
from preau.core import clock, formats
from preau.core.errors import Refusal
from preau.core.tables.writing import csv_lines
from preau.places.models import Place

COLUMNS = (
    *("territoire ou lieu", "du", "au", "rubrique", "chiffre", "clé", "valeur", "unité"),
    *("un an plus tôt", "compté sur", "définition", "limites"),
)
DAY = timedelta(days=1)


def _usual() -> tuple[date, date]:
    """The twelve months that end today."""
    today = clock.today(ZONE)
    return today - A_YEAR + DAY, today


def shown(definition: Definition, value: float | None, words: str = "") -> str:
    """« 12,5 % », or why there is nothing."""
    if value is None:
        return words or "—"
    return f"{formats.number(value, definition.decimals)}{formats.NBSP}{definition.unit}"


def _lines(pairs: list[tuple[Definition, Figure]]) -> list[dict[str, Any]]:
    return [
        {
            "definition": one,
            "figure": figure,
            "value": shown(one, figure.value, figure.words),
            "before": "" if figure.before is None else shown(one, figure.before),
        }
        for one, figure in pairs
    ]


@permission("capacity.read")
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Every figure with its definition, for those who plan."""
    if not can_read_territories(actor_of(request)):
        return render(request, "capacity/nobody.html")
    first, last = _usual()
    form = ImpactForm.of(request.GET, du=first, au=last)
    context: dict[str, Any] = {"form": form}
    scope, choices = asked_scope(request, form)
    if choices:
        address = reverse("capacity:impact")
        context["choices"] = [(one, f"{address}?{urlencode({'ou': one.key})}") for one in choices]
    if scope is not None and (not form.is_bound or form.is_valid()):
        question = _question(form, scope, actor_of(request))
        query = urlencode(
            {"ou": scope.key, "du": f"{question.first:%d/%m/%Y}", "au": f"{question.last:%d/%m/%Y}"}
        )
        context |= {
            "scope": scope,
            "question": question,
            "earlier": question.a_year_before(),
            "sections": [(one, _lines(pairs)) for one, pairs in compute(question)],
            "csv": f"{reverse('capacity:impact_csv')}?{query}",
            "can_set_factor": allowed(actor_of(request), "capacity.set_factor"),
        }
    return render(request, "capacity/impact.html", context)


def _question(form: ImpactForm, scope: Scope, actor: Actor) -> Question:
    first, last = _usual()
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        last = data.get("au") or (data["du"] + A_YEAR - DAY if data.get("du") else last)
        first = data.get("du") or last - A_YEAR + DAY
    return Question(scope, first, last, reads_small(actor, scope))


@permission("capacity.read")
@require_safe
def download(request: HttpRequest) -> HttpResponse:
    """The same with definitions, for a spreadsheet."""
    if not can_read_territories(actor_of(request)):
        return render(request, "capacity/nobody.html")
    form = ImpactForm(request.GET)
    try:
        scope = scopes.scope_of(request.GET.get("ou", ""))
    except Refusal:
        scope = scopes.home_of(actor_of(request).organization)
    rows = _rows(_question(form, scope, actor_of(request)))
    answer = StreamingHttpResponse(csv_lines(COLUMNS, rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="impact-lieux.csv"'
    return answer  # type: ignore[return-value]  # both are responses


def _rows(question: Question) -> Iterator[tuple[Any, ...]]:
    for section, pairs in compute(question):
        for one, figure in pairs:
            yield (
                *(question.scope.name, question.first, question.last, section.title, one.label),
                one.key,
                figure.words if figure.value is None else round(figure.value, 3),
                one.unit,
                None if figure.before is None else round(figure.before, 3),
                *(figure.counted, one.sentence, one.limits),
            )


@permission("capacity.set_factor")
def factor(request: HttpRequest) -> HttpResponse:
    """The factors entered, and another."""
    form = FactorForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        set_factor(**form.cleaned_data, actor=actor_of(request))
        messages.success(request, "Le facteur est enregistré.")
        return redirect("capacity:factor")
    known = EmissionFactor.objects.select_related("entered_by")
    return render(request, "capacity/factor.html", {"form": form, "factors": known})


# --- One place, before and after


@permission("capacity.read_place", load=load_place)
@require_safe
def place_impact(request: HttpRequest, one: Place) -> HttpResponse:
    return _place_page(request, one, ChangeForm())


def _place_page(request: HttpRequest, one: Place, form: ChangeForm) -> HttpResponse:
    context = {
        "place": one,
        "form": form,
        "changes": [
            _compared(change)
            for change in PlannedChange.objects.filter(place=one).select_related("place")[:10]
        ],
        "can_follow": allowed(actor_of(request), "capacity.follow_change", one),
        "least_days": LEAST_DAYS,
    }
    return render(request, "capacity/place_impact.html", context)


def _compared(change: PlannedChange) -> dict[str, Any]:
    """From that day to today, a year at most, beside the same weeks a year before."""
    place = change.place
    last = min(clock.today(place.zone), change.day + A_YEAR - DAY)
    days = (last - change.day).days + 1
    found: dict[str, Any] = {"change": change, "days": days, "too_soon": days < LEAST_DAYS}
    if found["too_soon"]:
        return found
    question = Question(scopes.of_place(place), change.day, last)
    both = pair(question)
    rows = [
        (
            "Taux d’occupation",
            _percent(both.before.share_of_open(Measure.USED)),
            _percent(both.after.share_of_open(Measure.USED)),
        ),
        ("Heures occupées", _hours(both.before, Measure.USED), _hours(both.after, Measure.USED)),
        ("Heures ouvertes", _hours(both.before, Measure.OPEN), _hours(both.after, Measure.OPEN)),
    ]
    earlier = question.a_year_before()
    return found | {
        "question": question,
        "earlier": earlier,
        "rows": rows,
        "comparable": both.is_comparable,
    }


def _percent(share: float | None) -> str:
    return "—" if share is None else f"{formats.number(100 * share, 1)}{formats.NBSP}%"


def _hours(reading: Any, number: Measure) -> str:
    return f"{formats.number(reading.hours(number))}{formats.NBSP}h"


@permission("capacity.follow_change", load=load_place)
@require_POST
def follow(request: HttpRequest, one: Place) -> HttpResponse:
    form = ChangeForm(request.POST)
    if form.is_valid():
        try:
            follow_change(one, **form.cleaned_data, actor=actor_of(request))
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "Le changement est noté : la comparaison suit.")
            return redirect("capacity:place_impact", one.pk)
    return _place_page(request, one, form)


def load_change(*, followed_change: int) -> PlannedChange:
    changes = PlannedChange.objects.select_related("place__owner")
    return get_object_or_404(changes, pk=followed_change)


@permission("capacity.follow_change", load=load_change)
@require_POST
def forget(request: HttpRequest, change: PlannedChange) -> HttpResponse:
    place_id = change.place_id
    forget_change(change, actor=actor_of(request))
    messages.success(request, "Ce changement n’est plus suivi.")
    return redirect("capacity:place_impact", place_id)
