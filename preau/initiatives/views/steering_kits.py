"""Writing kits: versions, steps, publication."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from preau.accounts.actors import actor_of
from preau.accounts.perms import permission
from preau.core.errors import Refusal
from preau.initiatives.actions import kits as actions
from preau.initiatives.enums.kits import KitState
from preau.initiatives.forms.kits import KitForm, StepForm
from preau.initiatives.loading.kits import load_kit, load_step, load_version
from preau.initiatives.models import Kit, KitStep, KitVersion
from preau.initiatives.perms.kits import may_write_kits
from preau.initiatives.queries import kits as queries

BADGES = {
    KitState.DRAFT: ("neutral", "Brouillon"),
    KitState.PUBLISHED: ("success", "Publié"),
    KitState.REPLACED: ("neutral", "Remplacé"),
    KitState.WITHDRAWN: ("warning", "Retiré"),
}


@permission("kit.desk")
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    lines = []
    for kit in queries.kept_by(actor):
        versions = list(kit.versions.all())
        if versions:
            lines.append((kit, versions[0], BADGES[KitState(versions[0].state)]))
    context = {"lines": lines, "may_write": may_write_kits(actor)}
    return render(request, "initiatives/kit_desk.html", context)


@permission("kit.desk")
def add(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    if not may_write_kits(actor):
        context = {"lines": [], "may_write": False}
        return render(request, "initiatives/kit_desk.html", context)
    form = KitForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.draft_kit(actor=actor, **form.cleaned_data)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "Le brouillon est enregistré. Écrivez ses étapes.")
            return redirect("initiatives:kit_version", made.pk)
    return render(request, "initiatives/kit_form.html", {"form": form, "version": None})


@permission("kit.manage", load=load_version)
@require_safe
def version(request: HttpRequest, version: KitVersion) -> HttpResponse:
    context = {
        "version": version,
        "steps": version.steps.all(),
        "badge": BADGES[KitState(version.state)],
        "is_draft": version.state == KitState.DRAFT,
        "is_published": version.state == KitState.PUBLISHED,
    }
    return render(request, "initiatives/kit_version.html", context)


@permission("kit.manage", load=load_version)
def edit(request: HttpRequest, version: KitVersion) -> HttpResponse:
    initial = {name: getattr(version, name) for name in ("title", "purpose", "themes")}
    form = KitForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit_version(version, actor=actor_of(request), **form.cleaned_data)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect("initiatives:kit_version", version.pk)
    return render(request, "initiatives/kit_form.html", {"form": form, "version": version})


@permission("kit.manage", load=load_version)
def step_add(request: HttpRequest, version: KitVersion) -> HttpResponse:
    form = StepForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_step(version, form.cleaned_data, actor=actor_of(request))
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "L’étape est ajoutée.")
            return redirect("initiatives:kit_version", version.pk)
    return render(request, "initiatives/kit_step.html", {"form": form, "version": version})


@permission("kit.manage", load=load_step)
def step_edit(request: HttpRequest, step: KitStep) -> HttpResponse:
    initial = {name: getattr(step, name) for name in actions.FACTS}
    form = StepForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit_step(step, form.cleaned_data, actor=actor_of(request))
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect("initiatives:kit_version", step.version_id)
    context = {"form": form, "version": step.version, "step": step}
    return render(request, "initiatives/kit_step.html", context)


@permission("kit.manage", load=load_step)
@require_POST
def step_remove(request: HttpRequest, step: KitStep) -> HttpResponse:
    version_id = step.version_id
    try:
        actions.remove_step(step, actor=actor_of(request))
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    return redirect("initiatives:kit_version", version_id)


@permission("kit.manage", load=load_version)
@require_POST
def publish(request: HttpRequest, version: KitVersion) -> HttpResponse:
    try:
        actions.publish_version(version, actor=actor_of(request))
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, "Le kit est publié.")
    return redirect("initiatives:kit_version", version.pk)


@permission("kit.manage", load=load_kit)
@require_POST
def new_version(request: HttpRequest, kit: Kit) -> HttpResponse:
    try:
        made = actions.new_version(kit, actor=actor_of(request))
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
        return redirect("initiatives:kit_desk")
    return redirect("initiatives:kit_version", made.pk)


@permission("kit.manage", load=load_kit)
@require_POST
def withdraw(request: HttpRequest, kit: Kit) -> HttpResponse:
    try:
        actions.withdraw_kit(kit, actor=actor_of(request))
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, "Le kit n’est plus proposé ; les projets en cours le gardent.")
    return redirect("initiatives:kit_desk")
