"""From the addresses of blockages and recommendations to what they are about."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404

from preau.projects.models import Blockage, Recommendation

_PROJECT = (
    "project__lead_commune__departement",
    "project__holder_organization",
    "project__service_in_charge__organization",
    "project__in_charge",
)


def load_blockage(key: UUID, blockage_id: int) -> Blockage:
    rows = Blockage.objects.select_related(*_PROJECT, "declared_by", "taken_by")
    found = rows.filter(pk=blockage_id, project__key=key).first()
    if found is None:
        raise Http404("Ce blocage n’existe pas dans ce projet.")
    return found


def load_recommendation(key: UUID, recommendation_id: int) -> Recommendation:
    """Drafts too: the view answers 404 to whoever may not know of them (`queries.may_read`)."""
    rows = Recommendation.objects.select_related(
        *_PROJECT, "author", "blockage", "space__place", "resource"
    )
    found = rows.filter(pk=recommendation_id, project__key=key).first()
    if found is None:
        raise Http404("Cette recommandation n’existe pas dans ce projet.")
    return found
