"""How a space is cut: parts, combinations, identical stations."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from preau.accounts.actors import actor_of
from preau.accounts.perms import permission
from preau.core.errors import Refusal
from preau.core.forms import sent
from preau.places import actions, queries
from preau.places.forms.space import CombinationForm, DivideForm, ResizeForm
from preau.places.models import Space
from preau.places.views.loading import load_space


@permission("space.edit", load=load_space)
def division(request: HttpRequest, space: Space) -> HttpResponse:
    """The form that fits: stations of a pool, combinations of a hall, or parts to make."""
    if space.root:
        return redirect("places:division", space.root_id)
    if space.is_pool:
        return _resize(request, space)
    if space.parts.exists():
        return _combine(request, space)
    return _divide(request, space)


def _page(request: HttpRequest, space: Space, template: str, form: object) -> HttpResponse:
    context = {
        "space": space,
        "place": space.place,
        "form": form,
        "parts": queries.parts_with_units(space),
    }
    return render(request, template, context)


def _divide(request: HttpRequest, space: Space) -> HttpResponse:
    form = DivideForm(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.divide_space(
                actor=actor_of(request), space=space, parts=form.cleaned_data["parts"]
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "L’espace est divisé : chaque partie peut être réservée.")
            return redirect("places:division", space.pk)
    return _page(request, space, "places/divide.html", form)


def _combine(request: HttpRequest, space: Space) -> HttpResponse:
    form = CombinationForm(sent(request), hall=space)
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_combination(
                actor=actor_of(request), hall=space, combination=form.combination
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "La combinaison peut être réservée.")
            return redirect("places:division", space.pk)
    return _page(request, space, "places/combine.html", form)


def _resize(request: HttpRequest, space: Space) -> HttpResponse:
    form = ResizeForm(sent(request), initial={"size": space.own_units.count()})
    if request.method == "POST" and form.is_valid():
        try:
            actions.resize_pool(actor=actor_of(request), space=space, **form.cleaned_data)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "Le nombre de postes est enregistré.")
            return redirect("places:space_detail", space.pk)
    return _page(request, space, "places/resize.html", form)


@permission("space.edit", load=load_space)
@require_POST
def undivide(request: HttpRequest, space: Space) -> HttpResponse:
    try:
        actions.undivide_space(actor=actor_of(request), space=space)
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
        return redirect("places:division", space.pk)
    messages.success(request, "L’espace n’est plus divisé.")
    return redirect("places:space_detail", space.pk)
