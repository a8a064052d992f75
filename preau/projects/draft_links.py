"""Links in letters that take a draft up again, in whatever browser they are opened."""

from __future__ import annotations

from uuid import UUID

from django.urls import reverse

from preau.notifications import links
from preau.notifications.links import Expired
from preau.projects.models import Project

PURPOSE = "project.draft"
DAYS = 60

__all__ = ["DAYS", "Expired", "page_for", "read"]


def page_for(project: Project) -> str:
    token = links.sign(PURPOSE, {"project": str(project.key)}, days=DAYS)
    return reverse("projects:draft_by_link", args=[token])


def read(token: str) -> Project | None:
    """The project of a link, filed or not; None when it leads nowhere, or no longer.

    Raises:
        Expired: it was a good link; its time is over.
    """
    facts = links.read(PURPOSE, token)
    if facts is None:
        return None
    try:
        key = UUID(str(facts["project"]))
    except (KeyError, ValueError):
        return None
    return Project.objects.select_related("filing").filter(key=key).first()
