"""Démarches, as whoever keeps them works on them."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from preau.accounts.actors import actor_of
from preau.accounts.perms import allowed, permission
from preau.connectors.actions import procedures as actions
from preau.connectors.forms.procedures import AddForm, MappingForm, TermsForm, TokenForm
from preau.connectors.models import Procedure
from preau.connectors.procedures import queries, schema
from preau.connectors.procedures.perms import may_keep
from preau.connectors.procedures.remote import OFF, address_of, is_on
from preau.connectors.procedures.sources import SOURCES
from preau.connectors.procedures.states import Family
from preau.core.errors import Forbidden, Refusal
from preau.core.formats import count


def load_procedure(procedure_key: UUID) -> Procedure:
    found = Procedure.objects.select_related("programme", "organization", "confirmed_by")
    return get_object_or_404(found, key=procedure_key)


@permission("procedure.list")
@require_safe
def procedures(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    keeps = may_keep(actor)
    found = list(queries.kept_by(actor)) if keeps else []
    areas: dict[str, str] = {}
    for one in found:
        if one.area not in areas:
            areas[one.area] = queries.area_label(one)
        one.where = areas[one.area]  # type: ignore[attr-defined]
        one.may_edit = allowed(actor, "procedure.edit", one)  # type: ignore[attr-defined]
    context = {"procedures": found, "keeps": keeps, "off": "" if is_on() else OFF}
    return render(request, "connectors/procedures.html", context)


@permission("procedure.list")
def procedure_add(request: HttpRequest) -> HttpResponse:
    if not may_keep(actor_of(request)):
        return redirect("connectors:procedures")
    form = AddForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        typed, family = form.cleaned_data["path"], Family(form.cleaned_data["family"])
        try:
            made = actions.add(typed, family, actor=actor_of(request))
        except Forbidden:
            raise
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"« {made} » est lue : vérifiez où va chaque donnée.")
            return redirect("connectors:procedure_mapping", made.key)
    return render(request, "connectors/procedure_add.html", {"form": form, "off": not is_on()})


@permission("procedure.edit", load=load_procedure)
@require_safe
def procedure(request: HttpRequest, procedure: Procedure) -> HttpResponse:
    champs = schema.loaded(procedure.champs)
    mapped = [
        (f"{inside.label} : {champ.label}" if inside else champ.label, SOURCES[said["source"]])
        for champ, inside in schema.every(champs)
        if (said := procedure.mapping.get(champ.id)) and said["source"] in SOURCES
    ]
    context = {
        "procedure": procedure,
        "area": queries.area_label(procedure),
        "address": address_of(procedure),
        "mapped": mapped,
        "asked_words": count(sum(1 for _ in schema.every(champs)), "question"),
        "by_hand": schema.by_hand(champs),
        "gone": schema.vanished(champs, procedure.mapping),
        "may_publish": allowed(actor_of(request), "procedure.publish", procedure),
        "is_on": is_on(),
    }
    return render(request, "connectors/procedure.html", context)


@permission("procedure.edit", load=load_procedure)
def procedure_terms(request: HttpRequest, procedure: Procedure) -> HttpResponse:
    form = TermsForm(request.POST or None, procedure=procedure)
    if request.method == "POST" and form.is_valid():
        actions.set_terms(procedure, form.terms(), actor=actor_of(request))
        messages.success(request, "C’est enregistré.")
        return redirect("connectors:procedure", procedure.key)
    context = {"procedure": procedure, "form": form}
    return render(request, "connectors/procedure_terms.html", context)


@permission("procedure.edit", load=load_procedure)
def procedure_mapping(request: HttpRequest, procedure: Procedure) -> HttpResponse:
    form = MappingForm(request.POST or None, procedure=procedure)
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data["revision"]
        try:
            actions.confirm(procedure, form.chosen(), seen_revision=seen, actor=actor_of(request))
        except Forbidden:
            raise
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "Les correspondances sont confirmées.")
            return redirect("connectors:procedure", procedure.key)
    champs = schema.loaded(procedure.champs)
    context = {
        "procedure": procedure,
        "form": form,
        "champs": [form[key] for key in form.champs],
        "by_hand": schema.by_hand(champs),
        "gone": schema.vanished(champs, procedure.mapping),
    }
    return render(request, "connectors/procedure_mapping.html", context)


@permission("procedure.publish", load=load_procedure)
def procedure_token(request: HttpRequest, procedure: Procedure) -> HttpResponse:
    form = TokenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        token = form.cleaned_data["token"]
        actions.set_token(procedure, token, actor=actor_of(request))
        messages.success(request, "Le jeton est gardé, chiffré." if token else "Jeton effacé.")
        return redirect("connectors:procedure", procedure.key)
    context = {"procedure": procedure, "form": form}
    return render(request, "connectors/procedure_token.html", context)


@permission("procedure.edit", load=load_procedure)
@require_POST
def procedure_refresh(request: HttpRequest, procedure: Procedure) -> HttpResponse:
    try:
        gone = actions.refresh(procedure, actor=actor_of(request))
    except Forbidden:
        raise
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    else:
        if gone:
            messages.warning(request, "Elle a changé : confirmez à nouveau les correspondances.")
        else:
            messages.success(request, "Elle est relue : vos correspondances tiennent toujours.")
    return redirect("connectors:procedure", procedure.key)


@permission("procedure.publish", load=load_procedure)
@require_POST
def procedure_publish(request: HttpRequest, procedure: Procedure) -> HttpResponse:
    said = "Elle est proposée aux porteurs des projets concernés."
    return _do(request, procedure, actions.publish, said)


@permission("procedure.publish", load=load_procedure)
@require_POST
def procedure_archive(request: HttpRequest, procedure: Procedure) -> HttpResponse:
    said = "Elle n’est plus proposée. Les dossiers déjà envoyés sont toujours suivis."
    return _do(request, procedure, actions.archive, said)


def _do(
    request: HttpRequest, procedure: Procedure, act: Callable[..., None], said: str
) -> HttpResponse:
    try:
        act(procedure, actor=actor_of(request))
    except Forbidden:
        raise
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, said)
    return redirect("connectors:procedure", procedure.key)
