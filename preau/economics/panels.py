"""What the room adds to the page of a project."""

from __future__ import annotations

from django.http import HttpRequest

from preau.accounts.actors import actor_of
from preau.accounts.perms import allowed
from preau.core.cards import Panel
from preau.projects.models import Project


def of_project(request: HttpRequest, project: Project) -> Panel | None:
    """Its economic models; nothing for whoever may only read when there is none."""
    actor = actor_of(request)
    may_edit = project.is_live and allowed(actor, "project.contribute", project)
    models = list(project.economic_models.prefetch_related("versions"))
    if not models and not may_edit:
        return None
    context = {"project": project, "models": models, "may_edit": may_edit}
    return Panel("Modèle économique", "economics/project_panel.html", context, not models)
