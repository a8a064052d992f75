"""From the address of a page to the thing it is about, or 404."""

from __future__ import annotations

import uuid

from django.shortcuts import get_object_or_404

from preau.charters.models import Charter, CharterAdhesion


def load_charter(*, charter_key: uuid.UUID) -> Charter:
    rows = Charter.objects.select_related("keeper", "model")
    return get_object_or_404(rows, key=charter_key)


def load_public(*, charter_key: uuid.UUID) -> Charter:
    rows = Charter.objects.exclude(state="brouillon").select_related("keeper", "model")
    return get_object_or_404(rows, key=charter_key)


def load_adhesion(*, adhesion_key: uuid.UUID) -> CharterAdhesion:
    rows = CharterAdhesion.objects.select_related(
        "charter__keeper", "charter__model", "place__owner", "place__commune", "agreement__version"
    )
    return get_object_or_404(rows, key=adhesion_key)
