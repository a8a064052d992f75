"""What holds projects back."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from preau.projects.actions.deadlines import not_paused
from preau.projects.enums import LIVE, STILL_BLOCKING
from preau.projects.models import Blockage, Project


def blocked(project: str = "pk") -> Exists:
    """Whether something still blocks a project: `projects.annotate(is_blocked=blocked())`.

    « Bloqué » is nothing else: no column says it. The partial index `blockage_standing` serves it.

    Args:
        project: the column that names the project, for rows that hang on one ("project").
    """
    return Exists(Blockage.objects.filter(project=OuterRef(project), state__in=STILL_BLOCKING))


def blockages_of(project: Project) -> QuerySet[Blockage]:
    """Those that stand first, the most serious before; then the past, latest first."""
    rows = Blockage.objects.filter(project=project).select_related("declared_by", "taken_by")
    return rows.annotate(stands=Q(state__in=STILL_BLOCKING)).order_by(
        "-stands", "-severity", "-opened_at", "-id"
    )


def without_advice() -> QuerySet[Blockage]:
    """Standing, on a live project that is not paused, with no advice yet and nobody told of it."""
    return (
        Blockage.objects.filter(
            not_paused("project__"),
            state__in=STILL_BLOCKING,
            advised_at=None,
            pair_told_at=None,
            project__state__in=LIVE,
        )
        .select_related("project")
        .order_by("opened_at", "id")
    )
