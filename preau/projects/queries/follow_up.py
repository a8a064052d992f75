"""What a follow-up e-mail says to one person, under one hat: late, waiting, new.

Worked out when it is sent, from what that person may read then: somebody who was removed has
nothing more, and nothing of the State's own ever goes to a holder.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from preau.accounts.actors import Actor
from preau.accounts.enums import Role
from preau.accounts.models import Membership, User
from preau.core import clock
from preau.core.formats import count, day
from preau.core.french import rank
from preau.projects import standing
from preau.projects.actions.deadlines import not_paused
from preau.projects.enums import (
    LIVE,
    STANDING,
    STILL_BLOCKING,
    AssignmentState,
    EventKind,
    ProjectRole,
    ProjectState,
    RecommendationState,
    StepState,
    Visibility,
)
from preau.projects.models import (
    Assignment,
    Blockage,
    Project,
    ProjectEvent,
    ProjectMember,
    Recommendation,
    StateService,
    Step,
)

S = ProjectState
#: As many projects are named; the rest is on the page.
MOST = 30
_TO_DO = [StepState.TO_DO, StepState.DOING]
_UNANSWERED = [RecommendationState.SENT, RecommendationState.SEEN]


@dataclass
class Line:
    """One project: what is late, what waits for the reader, what is new."""

    project: Project
    late: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    new: list[str] = field(default_factory=list)

    @property
    def words(self) -> str:
        parts = []
        for label, found in (("En retard", self.late), ("À faire", self.waiting)):
            parts += [f"{label} : {', '.join(found)}"] if found else []
        parts += [f"Nouveau : {', '.join(self.new)}"] if self.new else []
        return ". ".join([*parts, S(self.project.state).label])


@dataclass
class Content:
    lines: list[Line]
    last_event_id: int = 0

    @property
    def is_empty(self) -> bool:
        return not self.lines


def hats_of(user: User) -> tuple[list[tuple[StateService, Actor]], list[Actor]]:
    """Under which services of the State somebody acts, and their other hats."""
    memberships = list(
        Membership.objects.filter(user=user, ended_at=None).select_related("organization")
    )
    services = {
        one.organization_id: one
        for one in StateService.objects.filter(
            organization__in=[one.organization_id for one in memberships], active=True
        ).select_related("organization", "departement")
    }
    state = [
        (services[one.organization_id], Actor(user, one))
        for one in memberships
        if one.organization_id in services
    ]
    others = [Actor(user, one) for one in memberships if one.organization_id not in services]
    return state, [Actor(user), *others]


def of_service(service: StateService, actor: Actor, *, since: int, days: int) -> Content:
    """The person's projects in the service; all of the service's for its referent."""
    user = actor.person
    set_to = Assignment.objects.filter(project=OuterRef("pk"), user=user, state__in=STANDING)
    theirs = Q(in_charge=user) | Q(Exists(set_to))
    if service.referent_id == user.pk:
        theirs |= Q(service_in_charge=service)
    found = _live(standing.visible_to(actor)).filter(theirs)
    lines = {one.pk: Line(one) for one in found}
    _acknowledgements(lines)
    _assignments(lines, user)
    _steps(lines, user)
    _blockages(lines)
    return _with_news(lines, [actor], since=since, days=days)


def of_person(actors: list[Actor], *, since: int, days: int) -> Content:
    """The projects that somebody carries or was invited to: what is asked of them, what is new."""
    user = actors[0].person
    members = ProjectMember.objects.filter(project=OuterRef("pk"), user=user, ended_at=None)
    theirs = Q(holder_user=user) | Q(filed_by=user) | Q(Exists(members))
    lines: dict[int, Line] = {}
    answers: set[int] = set()
    for actor in actors:
        found = list(_live(standing.visible_to(actor)).filter(theirs))
        standing.foresee(actor, [one.pk for one in found])
        for one in found:
            lines.setdefault(one.pk, Line(one))
            roles = standing.roles_on_project(actor, one.permission_scope)
            if roles & {Role.HOLDER, Role.PARTNER}:
                answers.add(one.pk)
    _recommendations({key: line for key, line in lines.items() if key in answers})
    _steps(lines, user)
    return _with_news(lines, actors, since=since, days=days)


def _live(projects: QuerySet[Project]) -> QuerySet[Project]:
    return projects.filter(not_paused(), state__in=LIVE).select_related("lead_commune")


# --- Parts: one statement each


def _acknowledgements(lines: dict[int, Line]) -> None:
    for line in lines.values():
        until = line.project.acknowledge_by
        if line.project.state == S.DEPOSITED and until is not None:
            part = line.late if until <= clock.now() else line.waiting
            last = until.astimezone(line.project.zone).date()
            part.append(f"à prendre en compte avant le {day(last, year=False)}")


def _assignments(lines: dict[int, Line], user: User) -> None:
    asked = Assignment.objects.filter(
        project__in=lines, user=user, state=AssignmentState.PROPOSED
    ).exclude(role=ProjectRole.OBSERVER)
    for one in asked.exclude(project__in_charge=user):
        lines[one.project_id].waiting.append("répondre à une demande d’appui")


def _steps(lines: dict[int, Line], user: User) -> None:
    today = clock.today()
    soon = today + timedelta(days=7)
    due = Step.objects.filter(
        project__in=lines, owner=user, state__in=_TO_DO, due_on__lte=soon
    ).order_by("due_on", "pk")
    for one in due:
        assert one.due_on is not None
        line = lines[one.project_id]
        part = line.late if one.due_on < today else line.waiting
        part.append(f"{one.title} (pour le {day(one.due_on, year=False)})")


def _blockages(lines: dict[int, Line]) -> None:
    unadvised = Blockage.objects.filter(
        project__in=lines, state__in=STILL_BLOCKING, advised_at=None
    )
    for key, number in Counter(unadvised.values_list("project", flat=True)).items():
        lines[key].waiting.append(f"{count(number, 'blocage')} sans conseil")


def _recommendations(lines: dict[int, Line]) -> None:
    sent = Recommendation.objects.filter(project__in=lines, state__in=_UNANSWERED)
    for key, number in Counter(sent.values_list("project", flat=True)).items():
        words = count(number, "recommandation")
        lines[key].waiting.append(f"{words} en attente de votre réponse")


def _with_news(
    lines: dict[int, Line], actors: Iterable[Actor], *, since: int, days: int
) -> Content:
    """What others have done there since the last time; lines of the State's own for it alone."""
    hats = list(actors)
    for actor in hats:
        standing.foresee(actor, list(lines))
    events = ProjectEvent.objects.filter(project__in=lines).exclude(user=hats[0].user_id)
    events = events.filter(pk__gt=since) if since else events.filter(at__gt=_ago(days))
    state_side = {
        key for key, line in lines.items() if any(_sees(actor, line.project) for actor in hats)
    }
    found: dict[int, Counter[str]] = defaultdict(Counter)
    last = since
    for one in events.order_by("pk").values("pk", "project", "kind", "visibility"):
        last = max(last, one["pk"])
        if one["visibility"] == Visibility.STATE and one["project"] not in state_side:
            continue
        found[one["project"]][EventKind(one["kind"]).label.lower()] += 1
    for key, kinds in found.items():
        lines[key].new = [
            f"{kind} ({number})" if number > 1 else kind for kind, number in kinds.most_common()
        ]
    told = [line for line in lines.values() if line.late or line.waiting or line.new]
    told.sort(key=lambda line: (not line.late, not line.waiting, rank(line.project.name)))
    return Content(told, last)


def _sees(actor: Actor, project: Project) -> bool:
    return standing.sees_state_side(actor, project)


def _ago(days: int) -> datetime:
    return clock.now() - timedelta(days=days)


# --- Who


def agents() -> QuerySet[Any]:
    """(person, service) of every live member of a service at work."""
    return (
        StateService.objects.filter(
            active=True,
            organization__memberships__ended_at=None,
            organization__memberships__user__is_active=True,
        )
        .order_by("organization__memberships__user", "pk")
        .values_list("organization__memberships__user", "pk")
        .distinct()
    )


def holders() -> QuerySet[User]:
    """Those who carry, filed or were invited to a project."""
    members = ProjectMember.objects.filter(user=OuterRef("pk"), ended_at=None)
    filed = Project.objects.filter(Q(holder_user=OuterRef("pk")) | Q(filed_by=OuterRef("pk")))
    found = User.objects.filter(Q(Exists(members)) | Q(Exists(filed)), is_active=True)
    return found.order_by("pk")


def due_on_day(today: date) -> QuerySet[Step]:
    """Steps of live projects that end in two days, or ended yesterday, with their owner."""
    days = [today + timedelta(days=2), today - timedelta(days=1)]
    projects = _live(Project.objects.all())
    return (
        Step.objects.filter(
            due_on__in=days, state__in=_TO_DO, owner__isnull=False, project__in=projects
        )
        .select_related("owner", "project")
        .order_by("owner", "due_on", "pk")
    )
