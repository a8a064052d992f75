"""Opinions on a programme: who may give one, and what is shown of them.

What is shown covers the opinions five by five: one more opinion changes nothing until there are
five more, so that nobody reads the mark of the last one in the difference.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from preau.accounts.actors import Actor
from preau.projects import standing
from preau.projects.enums import ProjectRole, ProjectState, ServiceKind
from preau.projects.models import Programme, ProgrammeFeedback, Project, StateService
from preau.projects.words.impact import decimal

#: Fewer opinions than that are not shown, nor a remainder of them.
STEP = 5


@dataclass(frozen=True, slots=True)
class Opinion:
    """What may be shown.

    Attributes:
        count: opinions counted, a multiple of five.
        average: of them; None under five.
        comments: of them, in alphabetical order: neither names nor dates.
    """

    count: int
    average: float | None
    comments: list[str]

    @property
    def mark(self) -> str:
        return decimal(self.average)


def opinion_of(programme: Programme) -> Opinion:
    rows = list(
        ProgrammeFeedback.objects.filter(programme=programme)
        .order_by("pk")
        .values_list("mark", "comment")
    )
    shown = rows[: len(rows) // STEP * STEP]
    if not shown:
        return Opinion(0, None, [])
    average = round(sum(mark for mark, _ in shown) / len(shown), 1)
    comments = sorted((comment for _, comment in shown if comment), key=str.casefold)
    return Opinion(len(shown), average, comments)


def reads_comments(actor: Actor) -> bool:
    """The operator of the site, and the national services that run programmes."""
    if actor.is_system or actor.is_operator:
        return True
    return (
        actor.organization_id is not None
        and StateService.objects.filter(
            organization=actor.organization_id, kind=ServiceKind.NATIONAL, active=True
        ).exists()
    )


def project_in(programme: Programme, actor: Actor) -> Project | None:
    """A project that the person carries in the programme, the latest."""
    if actor.user is None:
        return None
    mine = Q(holder_user=actor.user_id) | Q(
        members__user=actor.user_id, members__role=ProjectRole.HOLDER, members__ended_at=None
    )
    if actor.organization_id is not None:
        mine |= Q(holder_organization=actor.organization_id)
    return (
        standing.visible_to(actor)
        .filter(mine, programmes__programme=programme)
        .exclude(state=ProjectState.DRAFT)
        .order_by("-deposited_at")
        .first()
    )


def given_by(programme: Programme, actor: Actor, year: int) -> ProgrammeFeedback | None:
    found = ProgrammeFeedback.objects.filter(programme=programme, user=actor.user_id, year=year)
    return found.first()
