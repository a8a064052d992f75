"""Reading recommendations: the only way to them for pages, e-mails and exports.

A draft is read by the State's side of its project and by nobody else.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet

from preau.accounts.actors import Actor
from preau.accounts.perms import allowed
from preau.projects import standing
from preau.projects.enums import SHOWN, EventKind, RecommendationState
from preau.projects.models import Project, ProjectEvent, Recommendation
from preau.resources.enums import ResourceState

_R = RecommendationState
#: A record that goes out of date takes these along: nobody has engaged in them.
LAPSE_WITH_THEIR_SOURCE = (_R.SENT, _R.SEEN, _R.STUDIED)
#: The holder has not said anything that closes the matter.
AWAITING = (_R.SENT, _R.SEEN, _R.STUDIED)


def recommendations_for(actor: Actor, project: Project) -> QuerySet[Recommendation]:
    """Those of a project that the actor reads, the latest first; none to a stranger."""
    rows = _with_facts(Recommendation.objects.filter(project=project))
    if standing.sees_state_side(actor, project):
        return rows
    if not allowed(actor, "project.read", project):
        return rows.none()
    return rows.filter(state__in=SHOWN)


def sent_among(projects: QuerySet[Project] | Iterable[Project]) -> QuerySet[Recommendation]:
    """Those that were sent, of projects that the caller has scoped (`standing.visible_to`).

    For lists, exports and figures: drafts are never among them, whoever asks.
    """
    return Recommendation.objects.filter(project__in=projects, state__in=SHOWN)


def may_read(actor: Actor, recommendation: Recommendation) -> bool:
    if recommendation.state != _R.DRAFT:
        return allowed(actor, "project.read", recommendation)
    return standing.sees_state_side(actor, recommendation.project)


def out_of_date(on: date) -> QuerySet[Recommendation]:
    """Still waiting for the holder, while what they propose is no longer to be had."""
    gone = (
        Q(resource__expires_on__lt=on)
        | Q(resource__closes_on__lt=on)
        | Q(resource__state__in=[ResourceState.EXPIRED, ResourceState.ARCHIVED])
    )
    rows = Recommendation.objects.filter(gone, state__in=LAPSE_WITH_THEIR_SOURCE)
    return rows.select_related("project", "resource").order_by("id")


def why_lapsed(recommendation: Recommendation) -> str:
    """The reason of its end, as the history has it."""
    if recommendation.state != _R.LAPSED:
        return ""
    line = (
        ProjectEvent.objects.filter(
            kind=EventKind.RECOMMENDATION, subject_id=recommendation.pk, after=_R.LAPSED
        )
        .order_by("-id")
        .first()
    )
    return line.reason if line else ""


def _with_facts(rows: QuerySet[Recommendation]) -> QuerySet[Recommendation]:
    return rows.select_related("author", "blockage", "space__place", "resource").order_by("-id")
