"""The labels that places bear today."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q, QuerySet

from preau.core import clock
from preau.directory.models import Label, Sheet

MOST = 30


def in_force(labels: QuerySet[Label]) -> QuerySet[Label]:
    today = clock.today()
    return labels.filter(Q(until=None) | Q(until__gte=today), since__lte=today)


def current_labels() -> list[str]:
    """The words of each, once."""
    found = in_force(Label.objects.order_by()).values_list("words", flat=True).distinct()
    return sorted(found[:MOST])


def labels_of(sheets: Sequence[Sheet]) -> dict[int, list[Label]]:
    found: dict[int, list[Label]] = {}
    for one in in_force(Label.objects.filter(sheet__in=sheets)):
        found.setdefault(one.sheet_id, []).append(one)
    return found
