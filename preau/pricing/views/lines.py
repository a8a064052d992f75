"""The lists of a tariff (seasons, free quotas, deposits, fees, options), and a place's options."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import BaseFormSet, formset_factory
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from preau.accounts.actors import actor_of
from preau.accounts.perms import permission
from preau.core.errors import Refusal
from preau.places.models import Place
from preau.pricing.actions.tariffs import save_lines
from preau.pricing.forms.tariffs import KINDS, Kind, LineForm, PlaceOptionForm
from preau.pricing.models import Option, Tariff
from preau.pricing.views.loading import load_place, load_tariff

BLANK_LINES = 2
MOST_LINES = 60

PLACE_OPTIONS = Kind(
    "options",
    "Options du lieu",
    "Ce que l’on peut ajouter à une réservation de ce lieu : matériel, ménage, régisseur. "
    "Un nombre disponible ne peut jamais être dépassé, même entre plusieurs salles.",
    Option,
    PlaceOptionForm,
    "Les options sont enregistrées.",
)


def load_lines(*, tariff_id: int, sort: str) -> Tariff:
    if sort not in KINDS:
        raise Http404
    tariff = load_tariff(tariff_id=tariff_id)
    tariff.sort = sort  # type: ignore[attr-defined]
    return tariff


@permission("tariff.edit", load=load_lines)
def tariff_lines(request: HttpRequest, tariff: Tariff) -> HttpResponse:
    kind = KINDS[tariff.sort]  # type: ignore[attr-defined]
    back = reverse("pricing:detail", args=[tariff.pk])
    return _lines(request, tariff, kind, back, {"tariff": tariff})


@permission("option.edit", load=load_place)
def place_options(request: HttpRequest, place: Place) -> HttpResponse:
    back = reverse("places:detail", args=[place.pk])
    return _lines(request, place, PLACE_OPTIONS, back, {"place": place}, place=place)


def _lines(
    request: HttpRequest,
    owner: Tariff | Place,
    kind: Kind,
    back: str,
    context: dict[str, Any],
    **form_kwargs: Any,
) -> HttpResponse:
    lines = list(kind.lines(owner))
    factory: type[BaseFormSet[LineForm]] = formset_factory(
        kind.form, extra=BLANK_LINES, max_num=MOST_LINES
    )
    formset = factory(
        request.POST if request.method == "POST" else None,
        initial=[{"id": line.pk} | kind.form.initial_of(line) for line in lines],
        prefix="ligne",
        form_kwargs=form_kwargs,
    )
    if request.method == "POST" and formset.is_valid():
        typed = [form for form in formset if form.cleaned_data and form.has_changed()]
        try:
            save_lines(owner, kind.model, [form.row() for form in typed], actor=actor_of(request))
        except Refusal as refusal:
            (typed or list(formset))[0].refuse(refusal)
        else:
            messages.success(request, kind.saved)
            again = request.POST.get("faire") == "encore"
            return redirect(request.path if again else back)
    context |= {"kind": kind, "formset": formset, "back": back}
    return render(request, "pricing/lines.html", context)
