"""Steps (« actions »): what is to be done, by whom, for when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from preau.accounts.actors import Actor
from preau.accounts.models import User
from preau.core import clock
from preau.core.errors import Refusal
from preau.core.formats import day
from preau.projects import perms
from preau.projects.actions import states
from preau.projects.emails import sheet as emails_sheet
from preau.projects.enums import EventKind, StepState
from preau.projects.history import note
from preau.projects.models import Blockage, Project, Recommendation, Step

#: Nothing more is waited for.
ENDED = frozenset({StepState.DONE, StepState.DROPPED})


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a step says. One owner at most: somebody with an account, or a name."""

    title: str
    detail: str = ""
    owner: User | None = None
    owner_name: str = ""
    due_on: date | None = None

    @property
    def who(self) -> str:
        return self.owner.full_name if self.owner else self.owner_name


@transaction.atomic
def add(
    project: Project,
    wanted: Wanted,
    *,
    actor: Actor,
    blockage: Blockage | None = None,
    recommendation: Recommendation | None = None,
) -> Step:
    """
    Raises:
        Forbidden: not theirs to write.
        Refusal: it has no title.
    """
    perms.require(actor, "project.contribute", project)
    states.lock_open(project)
    step = Step.objects.create(
        project=project,
        title=_titled(wanted),
        detail=wanted.detail.strip(),
        owner=wanted.owner,
        owner_name="" if wanted.owner else wanted.owner_name.strip()[:120],
        due_on=wanted.due_on,
        blockage=blockage,
        recommendation=recommendation,
        created_by=actor.user,
    )
    after = ", ".join(filter(None, [wanted.who, _for(wanted.due_on)]))
    note(
        project,
        EventKind.STEP,
        actor=actor,
        subject=step,
        about=step.title,
        change=("", after or StepState.TO_DO.label),
    )
    _tell_owner(step, actor)
    return step


@transaction.atomic
def edit(step: Step, wanted: Wanted, *, actor: Actor) -> Step:
    """Change what it says; each change of owner, day or words leaves its line."""
    step = _locked(step, actor)
    before_owner, before_due = _owner(step), step.due_on
    changes = [
        ("", step.title, _titled(wanted)),
        ("Qui s’en charge", before_owner, wanted.who),
        ("Pour le", _for(before_due), _for(wanted.due_on)),
        ("Précisions", step.detail, wanted.detail.strip()),
    ]
    was_owner = step.owner_id
    step.title, step.detail = _titled(wanted), wanted.detail.strip()
    step.owner = wanted.owner
    step.owner_name = "" if wanted.owner else wanted.owner_name.strip()[:120]
    step.due_on = wanted.due_on
    step.save(update_fields=["title", "detail", "owner", "owner_name", "due_on"])
    for what, before, after in changes:
        if before != after:
            about = f"{step.title} ({what.lower()})" if what else step.title
            note(
                step.project,
                EventKind.STEP,
                actor=actor,
                subject=step,
                about=about,
                change=(before, after),
            )
    if was_owner != step.owner_id or before_due != step.due_on:
        _tell_owner(step, actor)
    return step


@transaction.atomic
def move(step: Step, to: str, *, reason: str = "", actor: Actor) -> Step:
    """Begin, end, drop or take up again; twice is once. Dropping says why."""
    step = _locked(step, actor)
    before, after = StepState(step.state), StepState(to)
    if before == after:
        return step
    if after == StepState.DROPPED and not reason.strip():
        raise Refusal("Dites pourquoi cette action est abandonnée.", field="reason", code="reason")
    step.state = after
    step.ended_at = clock.now() if after in ENDED else None
    step.save(update_fields=["state", "ended_at"])
    note(
        step.project,
        EventKind.STEP,
        actor=actor,
        subject=step,
        about=step.title,
        change=(before.label, after.label),
        reason=reason.strip(),
    )
    return step


def _locked(step: Step, actor: Actor) -> Step:
    perms.require(actor, "project.contribute", step.project)
    states.lock_open(step.project)
    return Step.objects.select_related("project__lead_commune", "owner").get(pk=step.pk)


def _titled(wanted: Wanted) -> str:
    title = wanted.title.strip()[:200]
    if not title:
        raise Refusal("Dites en quelques mots ce qu’il y a à faire.", field="title", code="title")
    return title


def _owner(step: Step) -> str:
    return step.owner.full_name if step.owner else step.owner_name


def _for(due: date | None) -> str:
    return f"pour le {day(due)}" if due else ""


def _tell_owner(step: Step, actor: Actor) -> None:
    if step.owner is not None and step.owner_id != actor.user_id:
        emails_sheet.step_given(step, actor=actor)
