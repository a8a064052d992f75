"""Steps of a project, and those of a person across projects."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Case, F, IntegerField, QuerySet, Value, When

from preau.accounts.actors import Actor
from preau.accounts.models import User
from preau.core import clock
from preau.core.french import rank
from preau.projects import standing
from preau.projects.enums import LIVE, ProjectRole, StepState
from preau.projects.models import Project, Step
from preau.projects.queries.people import live_members, name_of, services_of
from preau.projects.recipients import holder_side

OPEN = (StepState.TO_DO, StepState.DOING)


@dataclass(frozen=True, slots=True)
class Line:
    """A step as it is read on a given day."""

    step: Step
    today: date

    @property
    def is_open(self) -> bool:
        return self.step.state in OPEN

    @property
    def is_late(self) -> bool:
        return self.is_open and self.step.due_on is not None and self.step.due_on < self.today

    @property
    def who(self) -> str:
        if self.step.owner_id is not None:
            return name_of(self.step.owner)
        return self.step.owner_name

    @property
    def badge(self) -> tuple[str, str]:
        if self.is_late:
            return "error", "En retard"
        kinds = {
            StepState.TO_DO: "waiting",
            StepState.DOING: "info",
            StepState.DONE: "success",
            StepState.DROPPED: "neutral",
        }
        state = StepState(self.step.state)
        return kinds[state], state.label


def today_of(project: Project) -> date:
    return clock.today(project.zone)


def _in_order(steps: QuerySet[Step]) -> QuerySet[Step]:
    """What is open first, by day; then what ended, the last first."""
    is_open = Case(
        When(state__in=OPEN, then=Value(0)), default=Value(1), output_field=IntegerField()
    )
    return steps.select_related("owner").order_by(
        is_open, F("ended_at").desc(nulls_first=True), F("due_on").asc(nulls_last=True), "pk"
    )


def lines_of(project: Project, *, most: int = 200) -> list[Line]:
    today = today_of(project)
    return [Line(step, today) for step in _in_order(project.steps.all())[:most]]


def steps_of(actor: Actor, *, most: int = 100) -> list[Line]:
    """The open steps of a person, in the projects that they may read under the hat worn."""
    if actor.user is None:
        return []
    today = clock.today(ZoneInfo(settings.TIME_ZONE))
    visible = standing.visible_to(actor).filter(state__in=LIVE).values("pk")
    found = Step.objects.filter(owner=actor.user, state__in=OPEN, project__in=visible)
    rows = found.select_related("owner", "project").order_by(F("due_on").asc(nulls_last=True), "pk")
    return [Line(step, today) for step in rows[:most]]


def possible_owners(project: Project) -> list[User]:
    """Who may be given a step: the people named on the project, but those who only read it."""
    found = {one.pk: one for one in holder_side(project)}
    others = [(one.role, one.user) for one in live_members(project)]
    others += [(one.role, one.user) for one in services_of(project)]
    found |= {one.pk: one for role, one in others if one and role != ProjectRole.OBSERVER}
    if project.in_charge is not None:
        found[project.in_charge.pk] = project.in_charge
    alive = [one for one in found.values() if one.is_active]
    return sorted(alive, key=lambda one: (rank(one.last_name), rank(one.first_name), one.pk))
