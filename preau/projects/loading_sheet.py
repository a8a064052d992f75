"""From the addresses of a sheet's pages to what they are about."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404

from preau.projects.loading import load_project
from preau.projects.models import Project


def load_filed(key: UUID) -> Project:
    """A filed project: a draft has its own pages and no sheet yet."""
    project = load_project(key)
    if project.is_draft:
        raise Http404("Ce projet est encore un brouillon.")
    return project
