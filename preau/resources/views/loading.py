"""From the address of a page to the thing it is about, or 404."""

from __future__ import annotations

from django.shortcuts import get_object_or_404

from preau.resources import queries
from preau.resources.models import Resource, Signal


def load_readable(*, resource_id: int) -> Resource:
    """What everybody may read: published, or expired and said to be."""
    return get_object_or_404(queries.readable(), pk=resource_id)


def load_resource(*, resource_id: int) -> Resource:
    """In any state, for those who keep it."""
    rows = Resource.objects.select_related("owner", "edited_by", "submitted_by", "reviewed_by")
    return get_object_or_404(rows.defer("snapshot", "search"), pk=resource_id)


def load_signal(*, signal_id: int) -> Signal:
    return get_object_or_404(Signal.objects.select_related("resource"), pk=signal_id)
