"""The people of a project: who they are, roles, removal, leaving."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from preau.accounts.actors import actor_of
from preau.accounts.perms import allowed, permission
from preau.core.errors import Refusal
from preau.projects.actions import people as actions
from preau.projects.forms.people import RemoveForm, RoleForm
from preau.projects.loading.sheet import load_filed, load_member
from preau.projects.models import Project, ProjectMember
from preau.projects.queries import people as queries
from preau.projects.views.going_on import while_it_goes_on


@permission("project.read", load=load_filed)
@require_safe
def people(request: HttpRequest, project: Project) -> HttpResponse:
    actor = actor_of(request)
    may_invite = allowed(actor, "project.invite", project)
    highest = queries.highest_role(actor, project) if may_invite else None
    rows = [
        (one, may_invite and queries.outranks(actor, highest, one.member))
        for one in queries.people_of(project)
    ]
    context = {
        "project": project,
        "rows": rows,
        "may_invite": may_invite,
        "invitations": queries.pending_invitations(project) if may_invite else [],
        "mine": queries.my_membership(actor, project),
    }
    return render(request, "projects/people.html", context)


@permission("project.invite", load=load_member)
@while_it_goes_on
def role(request: HttpRequest, member: ProjectMember) -> HttpResponse:
    project = member.project
    roles = queries.may_give(actor_of(request), project)
    form = RoleForm(request.POST or None, roles=roles, initial={"role": member.role})
    if request.method == "POST" and form.is_valid():
        try:
            changed = actions.change_role(
                member, form.cleaned_data["role"], actor=actor_of(request)
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"{_name(member)} : {changed.get_role_display()}.")
            return redirect("projects:people", project.key)
    context = {"project": project, "form": form, "name": _name(member)}
    return render(request, "projects/people_role.html", context)


@permission("project.invite", load=load_member)
def remove(request: HttpRequest, member: ProjectMember) -> HttpResponse:
    form = RemoveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.remove(member, actor=actor_of(request), **form.cleaned_data)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"{_name(member)} n’est plus membre du projet.")
            return redirect("projects:people", member.project.key)
    context = {"project": member.project, "form": form, "name": _name(member)}
    return render(request, "projects/people_remove.html", context)


@permission("project.leave", load=load_filed)
def leave(request: HttpRequest, project: Project) -> HttpResponse:
    actor = actor_of(request)
    mine = queries.my_membership(actor, project)
    refusal = ""
    if request.method == "POST" and mine is not None:
        try:
            actions.leave(mine, actor=actor)
        except Refusal as no:
            refusal = no.sentence
        else:
            messages.success(request, f"Vous avez quitté le projet « {project.name} ».")
            return redirect("/")
    context = {"project": project, "mine": mine, "refusal": refusal}
    return render(request, "projects/people_leave.html", context)


def _name(member: ProjectMember) -> str:
    return member.organization.name if member.organization else queries.name_of(member.user)
