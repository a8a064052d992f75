"""What holds projects back."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from preau.projects.actions.deadlines import not_paused
from preau.projects.enums import LIVE, STILL_BLOCKING
from preau.projects.models import Blockage, Project

#: A blockage that counts: it stands, and its project is not over.
STANDS = Q(state__in=STILL_BLOCKING, project__state__in=LIVE)


def blocked() -> Q:
    """Whether something still blocks a project: `projects.annotate(is_blocked=blocked())`.

    « Bloqué » is nothing else: no column says it. The partial index `blockage_standing` serves it.
    """
    stands = Blockage.objects.filter(project=OuterRef("pk"), state__in=STILL_BLOCKING)
    return Q(Exists(stands), state__in=LIVE)


def blockages_of(project: Project) -> QuerySet[Blockage]:
    """Those that stand first, the most serious before; then the past, latest first."""
    rows = Blockage.objects.filter(project=project).select_related("declared_by", "taken_by")
    return rows.annotate(stands=Q(state__in=STILL_BLOCKING)).order_by(
        "-stands", "-severity", "-opened_at", "-id"
    )


def standing_of(project: Project) -> QuerySet[Blockage]:
    """What stands, the most serious first: what becomes of it is asked before the project ends."""
    return blockages_of(project).filter(state__in=STILL_BLOCKING)


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
