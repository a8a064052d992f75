"""The history of a project as people read it: who, what, from, to, why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.db.models.enums import TextChoices

from preau.accounts.actors import Actor
from preau.accounts.models import User
from preau.core.french import by_name
from preau.core.tables.writing import Cell
from preau.projects import enums, history, standing
from preau.projects.enums import EventKind
from preau.projects.models import Project, ProjectEvent, ProjectMember
from preau.projects.queries.people import name_of
from preau.resources.enums import Phase

PAGE = 50
#: What an export holds at most: no project has lived so long.
MOST = 20_000
HEADINGS = ("Date", "Objet", "Sujet", "De", "À", "Pourquoi", "Qui", "Au nom de", "Visible de")
#: The stored values that each kind of line may hold, to be said in words.
_WORDS: dict[str, tuple[type[TextChoices], ...]] = {
    EventKind.STATE: (enums.ProjectState,),
    EventKind.PHASE: (Phase,),
    EventKind.STATUS: (enums.PhaseStatus,),
    EventKind.PRIORITY: (enums.Priority,),
    EventKind.ASSIGNMENT: (enums.ProjectRole, enums.AssignmentState),
    EventKind.MEMBER: (enums.ProjectRole,),
    EventKind.STEP: (enums.StepState,),
    EventKind.BLOCKAGE: (enums.BlockageState, enums.Severity),
    EventKind.RECOMMENDATION: (enums.RecommendationState,),
    EventKind.FUNDING: (enums.FundingState,),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One change, in words."""

    event: ProjectEvent
    subject: str
    before: str
    after: str

    @property
    def at(self) -> datetime:
        return self.event.at

    @property
    def kind(self) -> str:
        return EventKind(self.event.kind).label

    @property
    def who(self) -> str:
        if self.event.user_id is None and self.event.on_behalf_of == "Préau":
            return "Préau"
        return name_of(self.event.user)

    @property
    def hat(self) -> str:
        hat = self.event.on_behalf_of
        return "" if hat == self.who else hat

    @property
    def internal(self) -> bool:
        return self.event.visibility == enums.Visibility.STATE

    def cells(self, zone: ZoneInfo) -> list[Cell]:
        """A row of the export."""
        return [
            self.at.astimezone(zone),
            self.kind,
            self.subject,
            self.before,
            self.after,
            self.event.reason,
            self.who,
            self.hat,
            enums.Visibility(self.event.visibility).label,
        ]


@dataclass(frozen=True, slots=True)
class Page:
    """Lines, the newest first. `older`: give it back as `before`; None at the beginning."""

    lines: list[Line]
    older: int | None


def events_for(
    actor: Actor, project: Project, *, kind: str = "", who: int | None = None
) -> QuerySet[ProjectEvent]:
    """What the actor reads of a project's past: internal lines for the State's side alone."""
    state_side = standing.sees_state_side(actor, project)
    found = history.events_of(project, state_side=state_side)
    if kind in EventKind.values:
        found = found.filter(kind=kind)
    if who is not None:
        found = found.filter(user=who)
    return found


def page_of(events: QuerySet[ProjectEvent], before: int | None, size: int = PAGE) -> Page:
    asked = events.filter(pk__lt=before) if before is not None else events
    found = list(asked[: size + 1])
    older = found[size - 1].pk if len(found) > size else None
    return Page(in_words(found[:size]), older)


def rows_of(events: QuerySet[ProjectEvent], zone: ZoneInfo) -> Iterator[list[Cell]]:
    """For the export: read by pages, so that it weighs little."""
    last: int | None = None
    for _ in range(MOST // 500):
        page = page_of(events, last, 500)
        yield from (line.cells(zone) for line in page.lines)
        if page.older is None:
            return
        last = page.older


def in_words(events: Iterable[ProjectEvent]) -> list[Line]:
    """One more statement at most, for the names of members."""
    found = list(events)
    members = _members(found)
    return [
        Line(
            one,
            members.get(one.subject_id or 0, one.subject)
            if one.kind == EventKind.MEMBER
            else one.subject,
            _said(one.kind, one.before),
            _said(one.kind, one.after),
        )
        for one in found
    ]


def _members(events: Iterable[ProjectEvent]) -> dict[int, str]:
    """Their names are asked again: history keeps none of who closed their account."""
    numbers = {one.subject_id for one in events if one.kind == EventKind.MEMBER and one.subject_id}
    if not numbers:
        return {}
    rows = ProjectMember.objects.filter(pk__in=numbers).select_related("user", "organization")
    return {
        one.pk: one.organization.name if one.organization else name_of(one.user) for one in rows
    }


def _said(kind: str, value: str) -> str:
    for choices in _WORDS.get(kind, ()):
        if value in choices.values:
            return str(choices(value).label)
    return value


def authors_of(actor: Actor, project: Project) -> list[tuple[int, str]]:
    """Who did something that the actor reads, by name."""
    ids = events_for(actor, project).order_by().values_list("user", flat=True).distinct()
    people = User.objects.filter(pk__in=ids).order_by(*by_name("last_name", "first_name"), "pk")
    return [(one.pk, name_of(one)) for one in people]
