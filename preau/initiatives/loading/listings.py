"""From the addresses of listings to what they are about, or 404."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404

from preau.initiatives.enums.listings import ListingState
from preau.initiatives.models import Answer, Flow, Listing, Suggestion
from preau.projects.loading.sheet import load_filed
from preau.projects.models import Project

_SHOWN = (ListingState.PUBLISHED, ListingState.EXPIRED, ListingState.CONCLUDED)


def load_listing(*, listing_key: UUID) -> Listing:
    """In any state, for those who keep or moderate it."""
    rows = Listing.objects.defer("search").select_related(
        "commune", "organization", "author", "project", "space__place", "file", "thumbnail"
    )
    return get_object_or_404(rows, key=listing_key)


def load_shown(*, listing_key: UUID) -> Listing:
    """What everybody reads: published, or over and said to be."""
    listing = load_listing(listing_key=listing_key)
    if listing.state not in _SHOWN:
        raise Http404("Cette annonce n’est pas publiée.")
    return listing


def load_answer(*, answer_id: int) -> Answer:
    rows = Answer.objects.select_related(
        "listing__commune", "listing__organization", "thread", "user", "organization"
    )
    return get_object_or_404(rows, pk=answer_id)


def load_suggestion(*, suggestion_id: int) -> Suggestion:
    rows = Suggestion.objects.select_related("offer__commune", "need__commune")
    return get_object_or_404(rows, pk=suggestion_id)


def load_project(*, flow_project_key: UUID) -> Project:
    return load_filed(flow_project_key)


def load_flow(*, flow_id: int) -> Flow:
    rows = Flow.objects.select_related("project__lead_commune")
    return get_object_or_404(rows, pk=flow_id, project__isnull=False)
