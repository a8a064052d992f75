"""Invitations to a project, seen from both sides."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from preau.accounts.actors import actor_of
from preau.accounts.perms import permission
from preau.core.errors import Refusal
from preau.projects.actions import invitations as actions
from preau.projects.enums import ProjectRole
from preau.projects.forms.people import InviteForm
from preau.projects.loading.sheet import load_filed, load_invitation
from preau.projects.models import Project, ProjectInvitation
from preau.projects.queries.people import may_give
from preau.projects.views.going_on import while_it_goes_on
from preau.projects.words import MAY


@permission("project.invite", load=load_filed)
@while_it_goes_on
def invite(request: HttpRequest, project: Project) -> HttpResponse:
    actor = actor_of(request)
    form = InviteForm(request.POST or None, roles=may_give(actor, project))
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.invite(project, actor=actor, **form.cleaned_data)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(
                request, f"L’invitation est partie à {made.email}. Elle est valable 14\u00a0jours."
            )
            return redirect("projects:people", project.key)
    return render(request, "projects/people_invite.html", {"project": project, "form": form})


@permission("project.invite", load=load_invitation)
@while_it_goes_on
@require_POST
def send_again(request: HttpRequest, invitation: ProjectInvitation) -> HttpResponse:
    try:
        actions.send_again(invitation, actor=actor_of(request))
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, f"Une nouvelle invitation est partie à {invitation.email}.")
    return redirect("projects:people", invitation.project.key)


@permission("project.invite", load=load_invitation)
@require_POST
def revoke(request: HttpRequest, invitation: ProjectInvitation) -> HttpResponse:
    try:
        actions.revoke(invitation, actor=actor_of(request))
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, f"L’invitation de {invitation.email} est annulée.")
    return redirect("projects:people", invitation.project.key)


@permission("project.by_link")
@never_cache
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Shows and changes nothing: link scanners follow links."""
    found = actions.by_token(token)
    user = request.user
    context = {
        "invitation": found,
        "project": found.project,
        "may": MAY[ProjectRole(found.role)],
        "address": actions.masked(found.email),
        "token": token,
        "is_mine": user.is_authenticated and user.email.lower() == found.email.lower(),
    }
    return render(request, "projects/invitation.html", context)


@permission("project.mine")
@require_POST
def accept(request: HttpRequest, token: str) -> HttpResponse:
    found = actions.by_token(token)
    try:
        member = actions.accept(found, actor=actor_of(request))
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
        return redirect("projects:invitation", token)
    messages.success(
        request, f"Bienvenue dans le projet : votre rôle est « {member.get_role_display()} »."
    )
    return redirect("projects:sheet", found.project.key)
