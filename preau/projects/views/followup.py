"""How often I hear of my projects by e-mail."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from preau.accounts.actors import actor_of
from preau.accounts.perms import permission
from preau.projects.actions import follow_up as actions
from preau.projects.forms.follow_up import FollowUpForm
from preau.projects.models import FollowUp
from preau.projects.queries.follow_up import hats_of


@permission("project.mine")
def page(request: HttpRequest) -> HttpResponse:
    """One choice for each of my services, one for the projects that I carry or follow."""
    actor = actor_of(request)
    user = actor.person
    services = [service for service, _ in hats_of(user)[0]]
    chosen = {one.service_id: one for one in FollowUp.objects.filter(user=user)}
    form = FollowUpForm(request.POST or None, services=services, chosen=chosen)
    if request.method == "POST" and form.is_valid():
        for service, interval, weekday in form.choices():
            actions.choose(user, service, interval=interval, weekday=weekday, actor=actor)
        messages.success(request, "Vos choix sont enregistrés.")
        return redirect("projects:follow_up")
    return render(request, "projects/pair_follow_up.html", {"form": form})
