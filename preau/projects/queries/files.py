"""Files of a project that the actor may see."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from preau.accounts.actors import Actor
from preau.projects import standing
from preau.projects.enums import Visibility
from preau.projects.models import Project, ProjectFile


def visible_to(actor: Actor, project: Project) -> QuerySet[ProjectFile]:
    """The only way to list files: internal ones for the State's side alone, none withdrawn."""
    found = ProjectFile.objects.filter(project=project, removed_at=None, document__removed_at=None)
    if not standing.sees_state_side(actor, project):
        found = found.filter(visibility=Visibility.MEMBERS)
    return found.select_related(
        "document__file", "document__owner_organization", "document__owner_user", "added_by"
    ).order_by("-pinned", "-added_at", "-pk")


def audience_names(keys: Iterable[str]) -> dict[str, str]:
    """Of a document's readers, those that are projects, in words: for its owner."""
    asked = {key: key.split(":") for key in keys if key.startswith("project:")}
    numbers = {int(parts[1]) for parts in asked.values() if parts[1].isdecimal()}
    names = dict(Project.objects.filter(pk__in=numbers).values_list("pk", "name"))
    return {
        key: f"Projet « {names[int(parts[1])]} »"
        + (" (services de l’État)" if "etat" in parts[2:] else " (ses membres)")
        for key, parts in asked.items()
        if parts[1].isdecimal() and int(parts[1]) in names
    }
