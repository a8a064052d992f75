"""From the addresses of the end of a project to what they are about."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404

from preau.projects.models import FundingRequest, Programme


def load_funding(*, key: UUID, funding_id: int) -> FundingRequest:
    """A request of the project that the address names, and of no other."""
    found = FundingRequest.objects.select_related(
        "project__lead_commune", "project__holder_organization", "recommendation"
    )
    request = found.filter(pk=funding_id, project__key=key).first()
    if request is None:
        raise Http404("Cette demande de financement n’existe pas.")
    return request


def load_programme(slug: str) -> Programme:
    return get_object_or_404(Programme, slug=slug)
