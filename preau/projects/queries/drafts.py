"""Drafts under way, and the projects of the hat worn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from preau.accounts.actors import Actor
from preau.accounts.models import Membership
from preau.accounts.queries import memberships_of
from preau.projects import filing_steps, standing
from preau.projects.enums import Origin, ProjectState, RecommendationState
from preau.projects.filers import Filer
from preau.projects.filing_steps import filing_of
from preau.projects.models import Answer, Project, ProjectMember, QuestionnaireVersion

PAGE = 20
_R = RecommendationState
#: Recommendations that the holder has not answered.
UNANSWERED = (_R.SENT, _R.SEEN)


def under_way(by: Filer) -> list[Project]:
    """Drafts of this browser, and those of the person under the present hat."""
    drafts = Project.objects.filter(state=ProjectState.DRAFT)
    mine = Q(visitor_key__in=by.keys) & ~Q(visitor_key="")
    if by.actor.user is not None:
        mine |= standing.held(by.actor)
    return list(drafts.filter(mine).select_related("lead_commune").order_by("-updated_at")[:PAGE])


def structure_for(by: Filer, project: Project) -> Membership | None:
    """One's verified structure, of the commune and of the kind that an unverified draft names.

    Begun signed out, a draft knows its structure by its words alone: it is offered, never guessed.
    """
    filing = filing_of(project)
    typed = filing_steps.Step.WHO in filing.done and project.holder_organization_id is None
    if by.actor.user is None or not typed or project.origin == Origin.AGENT:
        return None
    found = [
        one
        for one in memberships_of(by.actor.user).select_related("organization__commune")
        if one.organization.is_verified
        and one.organization.kind == filing.holder_kind
        and one.organization.commune_id == filing.holder_commune_id
        and filing.holder_commune_id is not None
    ]
    found.sort(key=lambda one: one != by.actor.membership)
    return found[0] if found else None


@dataclass(frozen=True, slots=True)
class Mine:
    """A page of « Mes projets »."""

    projects: list[Project]
    #: Give it back as `after` for the rest; "" at the end.
    more: str


def mine(actor: Actor, *, after: str = "") -> Mine:
    """Drafts and projects that the hat holds or is a member of, the last touched first."""
    member = ProjectMember.objects.filter(project=OuterRef("pk"), ended_at=None).filter(
        Q(user=actor.user_id) | Q(organization=actor.organization_id, organization__isnull=False)
    )
    found: QuerySet[Project] = standing.visible_to(actor).filter(
        standing.held(actor) | (~Q(state=ProjectState.DRAFT) & Q(Exists(member)))
    )
    if cursor := _read_cursor(after):
        at, last = cursor
        found = found.filter(Q(updated_at__lt=at) | Q(updated_at=at, pk__lt=last))
    unanswered = Count(
        "recommendations", filter=Q(recommendations__state__in=UNANSWERED), distinct=True
    )
    page: list[Any] = list(
        found.select_related(
            "lead_commune",
            "in_charge",
            "service_in_charge__organization",
            "holder_organization",
            "holder_user",
        )
        .annotate(unanswered=Coalesce(unanswered, 0))
        .order_by("-updated_at", "-pk")[: PAGE + 1]
    )
    more = _cursor(page[PAGE - 1]) if len(page) > PAGE else ""
    return Mine(page[:PAGE], more)


def _cursor(project: Project) -> str:
    return f"{int(project.updated_at.timestamp() * 1_000_000)}-{project.pk}"


def _read_cursor(text: str) -> tuple[datetime, int] | None:
    at, _, last = text.partition("-")
    if not (at.isascii() and at.isdigit() and last.isascii() and last.isdigit()):
        return None
    if len(at) > 17 or len(last) > 18:
        return None
    seconds, micro = divmod(int(at), 1_000_000)
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=micro), int(last)


def answers_kept(project: Project, version: QuestionnaireVersion) -> dict[str, Any]:
    """Code of question → what the draft answered, under this version or a former one."""
    kept = Answer.objects.filter(
        assessment__project=project,
        assessment__version__questionnaire=version.questionnaire_id,
    ).order_by("assessment_id")
    return dict(kept.values_list("question__code", "value"))
