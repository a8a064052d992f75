"""Where a project is read: its sheet once filed, the pages of its deposit before."""

from __future__ import annotations

from django.urls import reverse

from preau.projects.models import Project


def page_of(project: Project) -> str:
    name = "projects:draft_resume" if project.is_draft else "projects:sheet"
    return reverse(name, args=[project.key])
