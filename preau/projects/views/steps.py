"""The steps of a project."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from preau.accounts.actors import actor_of
from preau.accounts.perms import permission
from preau.core.errors import Refusal
from preau.projects import perms, standing
from preau.projects.actions import steps as actions
from preau.projects.enums import StepState
from preau.projects.forms.steps import DropForm, StepForm
from preau.projects.loading.sheet import load_filed, load_step
from preau.projects.models import Project, Step
from preau.projects.queries import steps as queries
from preau.projects.views.going_on import while_it_goes_on


@permission("project.read", load=load_filed)
@require_safe
def steps(request: HttpRequest, project: Project) -> HttpResponse:
    lines = queries.lines_of(project)
    context = {
        "project": project,
        "to_do": [line for line in lines if line.is_open],
        "ended": [line for line in lines if not line.is_open],
        "may_write": perms.may_work(actor_of(request), "project.contribute", project),
    }
    return render(request, "projects/steps.html", context)


@permission("project.mine")
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """What the person has to do, in all their projects."""
    actor = actor_of(request)
    lines = queries.steps_of(actor)
    standing.foresee(actor, {line.step.project_id for line in lines})
    return render(request, "projects/my_steps.html", {"lines": lines})


@permission("project.contribute", load=load_filed)
@while_it_goes_on
def add(request: HttpRequest, project: Project) -> HttpResponse:
    form = StepForm(request.POST or None, owners=queries.possible_owners(project))
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.add(project, form.wanted, actor=actor_of(request))
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"« {made.title} » est ajoutée aux actions.")
            return redirect("projects:steps", project.key)
    context = {"project": project, "form": form, "step": None}
    return render(request, "projects/step_form.html", context)


@permission("project.contribute", load=load_step)
@while_it_goes_on
def edit(request: HttpRequest, step: Step) -> HttpResponse:
    project = step.project
    owners = queries.possible_owners(project)
    form = StepForm(request.POST or None, owners=owners, step=step)
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit(step, form.wanted, actor=actor_of(request))
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "L’action est à jour.")
            return redirect("projects:steps", project.key)
    context = {"project": project, "form": form, "step": step}
    return render(request, "projects/step_form.html", context)


@permission("project.contribute", load=load_step)
@while_it_goes_on
@require_POST
def move(request: HttpRequest, step: Step) -> HttpResponse:
    """Begin, end, take up again: one button each."""
    to = request.POST.get("etat", "")
    if to in {StepState.TO_DO, StepState.DOING, StepState.DONE}:
        try:
            moved = actions.move(step, to, actor=actor_of(request))
        except Refusal as refusal:
            messages.error(request, refusal.sentence)
        else:
            said = f"« {moved.title} » : {moved.get_state_display().lower()}."
            messages.success(request, said)
    return redirect("projects:steps", step.project.key)


@permission("project.contribute", load=load_step)
@while_it_goes_on
def drop(request: HttpRequest, step: Step) -> HttpResponse:
    form = DropForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.move(step, StepState.DROPPED, actor=actor_of(request), **form.cleaned_data)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"« {step.title} » est abandonnée.")
            return redirect("projects:steps", step.project.key)
    context = {"project": step.project, "form": form, "step": step}
    return render(request, "projects/step_drop.html", context)
