"""The tariffs of the organisation one acts for, and one tariff."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from preau.accounts.actors import Actor, actor_of
from preau.accounts.perms import allowed, permission
from preau.core.errors import Refusal
from preau.core.forms import sent
from preau.pricing.actions import tariffs as actions
from preau.pricing.forms.grid import GridForm
from preau.pricing.forms.tariffs import KINDS, AssignForm, NameForm, SettingsForm
from preau.pricing.models import Tariff
from preau.pricing.queries import changes_of, tariffs_of, where_it_holds
from preau.pricing.reading import read
from preau.pricing.views.loading import load_tariff


def may_create(actor: Actor) -> bool:
    return actor.organization is not None and allowed(actor, "tariff.create", actor.organization)


@permission("tariff.list")
def tariff_list(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    shown = actor.organization is not None and allowed(actor, "tariff.read", actor.organization)
    context = {
        "organization": actor.organization if shown else None,
        "tariffs": tariffs_of(actor.organization) if shown and actor.organization else [],
        "may_create": may_create(actor),
    }
    return render(request, "pricing/list.html", context)


@permission("tariff.list")
def tariff_create(request: HttpRequest) -> HttpResponse:
    """A name first; the grid comes next."""
    actor = actor_of(request)
    if actor.organization is None or not may_create(actor):
        return redirect("pricing:list")
    form = NameForm(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            tariff = actions.create_tariff(
                actor=actor, organization=actor.organization, name=form.cleaned_data["name"]
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "Le tarif est créé. Donnez maintenant ses prix.")
            return redirect("pricing:grid", tariff.pk)
    return render(request, "pricing/create.html", {"form": form})


@permission("tariff.read", load=load_tariff)
def tariff_detail(request: HttpRequest, tariff: Tariff) -> HttpResponse:
    context = {
        "tariff": tariff,
        "reading": read(tariff),
        "vat_words": tariff.vat_words(asked=True),
        "kinds": KINDS.values(),
        "holds": where_it_holds(tariff),
        "options": tariff.options.filter(is_archived=False),
        "may_edit": allowed(actor_of(request), "tariff.edit", tariff),
    }
    return render(request, "pricing/detail.html", context)


@permission("tariff.edit", load=load_tariff)
def edit_settings(request: HttpRequest, tariff: Tariff) -> HttpResponse:
    form = SettingsForm(sent(request), tariff=tariff)
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit_tariff(tariff, actor=actor_of(request), **form.values())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "Le tarif est enregistré.")
            return redirect("pricing:detail", tariff.pk)
    return render(request, "pricing/settings.html", {"tariff": tariff, "form": form})


@permission("tariff.edit", load=load_tariff)
def edit_grid(request: HttpRequest, tariff: Tariff) -> HttpResponse:
    """The table of prices. Adding a row judges nothing and loses nothing."""
    post = request.POST if request.method == "POST" else None
    form = GridForm(tariff, post.dict() if post is not None else None)
    refused = ""
    if post is not None and post.get("faire") != "ajouter" and form.is_valid():
        seen = post.get("version", "")
        try:
            actions.save_grid(
                tariff,
                form.amounts,
                seen=int(seen) if seen.isdecimal() and len(seen) < 9 else None,
                actor=actor_of(request),
            )
        except Refusal as refusal:
            refused = refusal.sentence
            tariff.refresh_from_db(fields=["version"])
        else:
            messages.success(request, "La grille est enregistrée. Elle vaut pour la suite.")
            return redirect("pricing:detail", tariff.pk)
    context = {"tariff": tariff, "form": form, "refused": refused}
    return render(request, "pricing/grid.html", context)


@permission("tariff.edit", load=load_tariff)
def assign(request: HttpRequest, tariff: Tariff) -> HttpResponse:
    """Where the tariff holds: chosen, then what changes is shown, then done."""
    holds = where_it_holds(tariff)
    initial = {
        "places": [place.pk for place in holds.places],
        "spaces": [space.pk for space in holds.spaces],
    }
    form = AssignForm(sent(request), tariff=tariff, initial=initial)
    changes = None
    if request.method == "POST" and form.is_valid():
        places, spaces = list(form.cleaned_data["places"]), list(form.cleaned_data["spaces"])
        if request.POST.get("faire") == "enregistrer":
            try:
                actions.assign(tariff, places=places, spaces=spaces, actor=actor_of(request))
            except Refusal as refusal:
                form.refuse(refusal)
            else:
                messages.success(request, "Enregistré : les prochains prix en tiennent compte.")
                return redirect("pricing:detail", tariff.pk)
        changes = changes_of(tariff, places, spaces)
    context = {"tariff": tariff, "form": form, "changes": changes}
    return render(request, "pricing/assign.html", context)


@permission("tariff.edit", load=load_tariff)
def duplicate(request: HttpRequest, tariff: Tariff) -> HttpResponse:
    if request.method != "POST":
        return redirect("pricing:detail", tariff.pk)
    try:
        copy = actions.duplicate(tariff, actor=actor_of(request))
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
        return redirect("pricing:detail", tariff.pk)
    messages.success(request, "Voici la copie : changez son nom et ses prix.")
    return redirect("pricing:settings", copy.pk)


@permission("tariff.edit", load=load_tariff)
def archive(request: HttpRequest, tariff: Tariff) -> HttpResponse:
    if request.method == "POST":
        try:
            actions.archive(tariff, actor=actor_of(request))
        except Refusal as refusal:
            messages.error(request, refusal.sentence)
        else:
            messages.success(request, f"Le tarif « {tariff.name} » est archivé.")
            return redirect("pricing:list")
    return redirect("pricing:detail", tariff.pk)
