"""One space and its short forms."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from preau.accounts.actors import actor_of
from preau.accounts.perms import permission
from preau.core.errors import Refusal
from preau.core.forms import BaseForm, sent
from preau.core.registries import space_panels
from preau.places import actions, queries
from preau.places.forms.place import ConfirmForm
from preau.places.forms.space import EquipmentForm, EssentialsForm, RulesForm, SpaceForm
from preau.places.models import Place, Space
from preau.places.rules import sentences
from preau.places.views.loading import load_place, load_space


@permission("place.edit", load=load_place)
def space_create(request: HttpRequest, place: Place) -> HttpResponse:
    form = SpaceForm(sent(request))
    if request.method == "POST" and form.is_valid():
        details = dict(form.cleaned_data)
        try:
            space = actions.create_space(
                actor=actor_of(request),
                place=place,
                pool_size=details.pop("pool_size") or 0,
                **details,
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "L’espace est créé, en brouillon. Complétez-le ci-dessous.")
            return redirect("places:space_detail", space.pk)
    return render(request, "places/space_create.html", {"place": place, "form": form})


@permission("space.manage", load=load_space)
def space_detail(request: HttpRequest, space: Space) -> HttpResponse:
    """Everything about a space, with what upper rooms add."""
    context = {
        "space": space,
        "place": space.place,
        "rules": sentences(space),
        "equipment": list(space.equipment.all()),
        "layouts": list(space.layouts.order_by("-capacity")),
        "photo": queries.album(space.place, space).first(),
        "photo_count": space.photos.count(),
        "parts": queries.parts_with_units(space),
        "station_count": space.own_units.count(),
        "panels": [panel for make in space_panels if (panel := make(request, space))],
    }
    return render(request, "places/space_detail.html", context)


def _section(
    request: HttpRequest,
    space: Space,
    form: BaseForm,
    *,
    template: str,
    save: Callable[[], object],
) -> HttpResponse:
    """One short form of a space: show, save, come back to the space."""
    if request.method == "POST" and form.is_valid():  # type: ignore[attr-defined]
        try:
            save()
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "C’est enregistré.")
            return redirect("places:space_detail", space.pk)
    return render(request, template, {"space": space, "place": space.place, "form": form})


def _edit(request: HttpRequest, space: Space, **values: object) -> Space:
    # A model form has already written on the instance it was given: compare with the row.
    fresh = load_space(space_id=space.pk)
    return actions.edit_space(actor=actor_of(request), space=fresh, **values)  # type: ignore[arg-type]


@permission("space.edit", load=load_space)
def edit_essentials(request: HttpRequest, space: Space) -> HttpResponse:
    form = EssentialsForm(sent(request), instance=space)
    return _section(
        request,
        space,
        form,
        template="places/space_essentials.html",
        save=lambda: _edit(request, space, **form.cleaned_data),
    )


@permission("space.edit", load=load_space)
def edit_equipment(request: HttpRequest, space: Space) -> HttpResponse:
    form = EquipmentForm(sent(request), space=space)
    return _section(
        request,
        space,
        form,
        template="places/space_equipment.html",
        save=lambda: _edit(request, space, equipment=form.quantities, layouts=form.people),
    )


@permission("space.edit", load=load_space)
def edit_rules(request: HttpRequest, space: Space) -> HttpResponse:
    form = RulesForm(sent(request), space=space)
    return _section(
        request,
        space,
        form,
        template="places/space_rules.html",
        save=lambda: _edit(request, space, **form.rules),
    )


@permission("space.edit", load=load_space)
@require_POST
def space_duplicate(request: HttpRequest, space: Space) -> HttpResponse:
    copy = actions.duplicate_space(actor=actor_of(request), space=space)
    messages.success(request, "La copie est créée, en brouillon. Donnez-lui son nom.")
    return redirect("places:edit_essentials", copy.pk)


def _confirm(
    request: HttpRequest, space: Space, *, verb: str, act: Callable[[], object], done: str
) -> HttpResponse:
    """A page that says what will happen, and does it on POST."""
    form = ConfirmForm(sent(request))
    if request.method == "POST":
        form.is_valid()
        try:
            act()
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, done)
            return redirect("places:space_detail", space.pk)
    context = {"space": space, "place": space.place, "form": form}
    return render(request, f"places/space_confirm_{verb}.html", context)


@permission("space.publish", load=load_space)
def space_publish(request: HttpRequest, space: Space) -> HttpResponse:
    return _confirm(
        request,
        space,
        verb="publish",
        act=lambda: actions.publish_space(actor=actor_of(request), space=space),
        done="L’espace est publié.",
    )


@permission("space.publish", load=load_space)
def space_unpublish(request: HttpRequest, space: Space) -> HttpResponse:
    return _confirm(
        request,
        space,
        verb="unpublish",
        act=lambda: actions.unpublish_space(actor=actor_of(request), space=space),
        done="L’espace n’est plus publié. Les réservations faites tiennent toujours.",
    )


@permission("space.archive", load=load_space)
def space_archive(request: HttpRequest, space: Space) -> HttpResponse:
    return _confirm(
        request,
        space,
        verb="archive",
        act=lambda: actions.archive_space(actor=actor_of(request), space=space),
        done="L’espace est archivé. Son histoire est conservée.",
    )
