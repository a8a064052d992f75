"""The flows of a project: what goes from whom to whom."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from preau.accounts.actors import actor_of
from preau.accounts.perms import allowed, permission
from preau.core import clock
from preau.core.errors import Refusal
from preau.core.forms import sent
from preau.core.once import once
from preau.initiatives.actions import flows as actions
from preau.initiatives.forms.listings import FlowForm
from preau.initiatives.loading.listings import load_flow, load_project
from preau.initiatives.models import Flow
from preau.initiatives.queries import listings as queries
from preau.projects.models import Project


@permission("flow.read", load=load_project)
def flows(request: HttpRequest, project: Project) -> HttpResponse:
    context = {
        "project": project,
        "flows": list(queries.flows_of(project)[: actions.MOST]),
        "listings": list(queries.listings_of(project)[:50]),
        "may_write": allowed(actor_of(request), "flow.write", project),
    }
    return render(request, "initiatives/flow_list.html", context)


@permission("flow.write", load=load_project)
def add(request: HttpRequest, project: Project) -> HttpResponse:
    form = FlowForm(sent(request), initial={"since": clock.today(project.zone)})
    if request.method == "POST" and form.is_valid():
        try:
            return once(request, lambda: _recorded(request, project, form))
        except Refusal as refusal:
            form.refuse(refusal)
    return render(request, "initiatives/flow_add.html", {"project": project, "form": form})


def _recorded(request: HttpRequest, project: Project, form: FlowForm) -> str:
    actions.record(project, actor=actor_of(request), **form.cleaned_data)
    messages.success(request, "Le flux est noté.")
    return reverse("initiatives:flows", args=[project.key])


@permission("flow.write", load=load_flow)
@require_POST
def end(request: HttpRequest, flow: Flow) -> HttpResponse:
    assert flow.project is not None
    try:
        actions.end(flow, actor=actor_of(request))
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, "Ce flux est terminé.")
    return redirect("initiatives:flows", flow.project.key)
