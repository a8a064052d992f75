"""What siting adds to the page of a project: it is shown to whoever reads that page."""

from __future__ import annotations

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.urls import reverse

from preau.accounts.actors import actor_of
from preau.accounts.steering import may_steer
from preau.core.cards import Panel
from preau.projects.models import Project
from preau.siting.perms import may_keep
from preau.siting.queries.accompany import advice


def of_project(request: HttpRequest, project: Project) -> Panel | None:
    """Sites, partners, catchment; nothing for a project that is about no place."""
    actor = actor_of(request)
    if not project.is_live:
        return None
    found = advice(actor, project)
    if found is None:
        return None
    context = {
        "found": found,
        "project": project,
        "may_follow": may_keep(actor),
        "may_study": may_steer(actor),
        "follow_url": reverse("siting:watch_follow"),
        "csrf_token": get_token(request),  # panels are rendered without the request
    }
    return Panel("Le lieu et son territoire", "siting/project_panel.html", context)
