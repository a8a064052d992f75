"""A project's sheet: who it is, then the sections that each part of the room gives."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.views.decorators.http import require_POST, require_safe

from preau.accounts.actors import actor_of
from preau.accounts.perms import permission, roles_of
from preau.core.errors import Refusal
from preau.core.registries import project_panels
from preau.projects import perms, standing
from preau.projects.actions import identity, states
from preau.projects.forms.filing import ProgrammesForm, WhereForm
from preau.projects.forms.sheet import IdentityForm, PauseForm
from preau.projects.loading import load_project
from preau.projects.loading.sheet import load_filed
from preau.projects.models import Project
from preau.projects.queries.sheet import identity_of
from preau.projects.views.going_on import while_it_goes_on
from preau.resources.enums import Theme


@permission("project.read", load=load_project)
@require_safe
def sheet(request: HttpRequest, project: Project) -> HttpResponse:
    if project.is_draft:
        return redirect("projects:draft_resume", project.key)
    made = [panel for make in project_panels if (panel := make(request, project))]
    panels = [(slugify(panel.title), panel) for panel in made]
    roles = roles_of(actor_of(request), project.permission_scope)
    context = {
        "project": project,
        "themes": [Theme(theme).label for theme in project.themes],
        "state_side": standing.sees_state_side(actor_of(request), project),
        "observer": not roles & set(perms.WRITERS),
        "identity": identity_of(project),
        # What comes next and who must act goes before everything else.
        "first": panels[:1],
        "panels": [one for one in panels[1:] if not one[1].is_empty],
        "folded": [one for one in panels[1:] if one[1].is_empty],
    }
    return render(request, "projects/sheet.html", context)


@permission("project.edit", load=load_filed)
@while_it_goes_on
def edit(request: HttpRequest, project: Project) -> HttpResponse:
    form = IdentityForm(request.POST or None, project=project)
    conflicts: list[dict[str, str]] = []
    if request.method == "POST" and form.is_valid():
        try:
            changed = identity.edit(project, form.values, actor=actor_of(request), seen=form.was)
        except identity.Conflict as conflict:
            conflicts = _compared(conflict, form.values)
            form.after(conflict)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            said = "La fiche est à jour." if changed else "Rien n’a changé."
            messages.success(request, said)
            return redirect("projects:sheet", project.key)
    context = {"project": project, "form": form, "conflicts": conflicts}
    return render(request, "projects/sheet_edit.html", context)


def _compared(conflict: identity.Conflict, mine: dict[str, Any]) -> list[dict[str, str]]:
    """Each field that two people changed: what the other wrote, what this one wrote."""
    return [
        {
            "label": identity.label_of(name),
            "theirs": identity.shown(name, value),
            "mine": identity.shown(name, mine[name]),
        }
        for name, value in conflict.theirs.items()
    ]


@permission("project.edit", load=load_filed)
@while_it_goes_on
def communes(request: HttpRequest, project: Project) -> HttpResponse:
    form = WhereForm(request.POST or None, project=project)
    if request.method == "POST" and form.is_valid():
        epci = form.epci if form.cleaned_data.get("whole") else None
        try:
            changed = identity.place(project, form.communes(), epci=epci, actor=actor_of(request))
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(
                request, "Les communes sont à jour." if changed else "Rien n’a changé."
            )
            return redirect("projects:sheet", project.key)
    return render(request, "projects/sheet_communes_edit.html", {"project": project, "form": form})


@permission("project.edit", load=load_filed)
@while_it_goes_on
def programmes(request: HttpRequest, project: Project) -> HttpResponse:
    form = ProgrammesForm(request.POST or None, project=project)
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data["programmes"]
        changed = identity.enrol(project, chosen, actor=actor_of(request))
        messages.success(request, "Les programmes sont à jour." if changed else "Rien n’a changé.")
        return redirect("projects:sheet", project.key)
    context = {"project": project, "form": form}
    return render(request, "projects/sheet_programmes.html", context)


@permission("project.edit", load=load_filed)
@while_it_goes_on
def pause(request: HttpRequest, project: Project) -> HttpResponse:
    form = PauseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            states.pause(project, actor=actor_of(request), **form.cleaned_data)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "Le projet est en pause : plus de rappels à son sujet.")
            return redirect("projects:sheet", project.key)
    return render(request, "projects/sheet_pause.html", {"project": project, "form": form})


@permission("project.edit", load=load_filed)
@while_it_goes_on
@require_POST
def resume(request: HttpRequest, project: Project) -> HttpResponse:
    states.resume(project, actor=actor_of(request))
    messages.success(request, "Le projet reprend.")
    return redirect("projects:sheet", project.key)
