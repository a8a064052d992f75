"""From an address to what it is about."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404

from preau.mirrors.models import Conflict, Mirror


def load_mirror(mirror_key: UUID) -> Mirror:
    found = Mirror.objects.select_related("organization", "keeper").filter(key=mirror_key).first()
    if found is None:
        raise Http404
    return found


def load_conflict(mirror_conflict: int) -> Conflict:
    rows = Conflict.objects.select_related("row__table__mirror__organization")
    found = rows.filter(pk=mirror_conflict).first() if mirror_conflict < 2**63 else None
    if found is None:
        raise Http404
    return found
