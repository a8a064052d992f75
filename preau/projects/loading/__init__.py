"""From the words of an address to the thing, or to the page that says there is none."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404

from preau.projects.models import Project


def load_project(key: UUID) -> Project:
    """A project by its key, draft or not: the matrix says who may."""
    found = Project.objects.select_related(
        "lead_commune__departement",
        "epci",
        "crte",
        "holder_organization",
        "service_in_charge__organization",
        "in_charge",
    )
    project = found.filter(key=key).first()
    if project is None:
        raise Http404("Aucun projet ne porte cette adresse.")
    return project
