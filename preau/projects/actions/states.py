"""Moving a project from state to state: the only writer of `Project.state`."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction

from preau.accounts.actors import Actor
from preau.core import clock
from preau.core.errors import Refusal
from preau.projects import perms
from preau.projects.enums import (
    ENDED,
    TRANSITIONS,
    WITH_REASON,
    EventKind,
    ProjectState,
)
from preau.projects.events import project_moved
from preau.projects.history import note
from preau.projects.models import Project

S = ProjectState
#: The date that each state leaves, kept from the first time.
_DATES = {
    S.ACKNOWLEDGED: "acknowledged_at",
    S.QUALIFIED: "qualified_at",
    S.ACCOMPANIED: "accompanied_at",
}
_TRIAGE = frozenset({S.ACKNOWLEDGED, S.REFUSED, S.REDIRECTED})


def lock(project: Project) -> Project:
    """The project as it is now, for this transaction alone: two people decide one after the other.

    Raises:
        Project.DoesNotExist: it is gone.
    """
    return Project.objects.select_for_update().get(pk=project.pk)


def require_open(project: Project) -> None:
    """What is over is read; what came of it is still told (review, phase, money, answers, words
    exchanged), and access taken back. The rest waits until somebody takes the project up again.

    Raises:
        Refusal: it is closed, refused or redirected ("over").
    """
    if project.state in ENDED:
        state = ProjectState(project.state).label.lower()
        raise Refusal(f"Ce projet est {state} : reprenez-le d’abord.", code="over")


def lock_open(project: Project) -> Project:
    """The same as `lock`, for a verb of a project that goes on.

    Raises:
        Refusal: it is over ("over").
    """
    found = lock(project)
    require_open(found)
    return found


def action_for(project: Project, to: ProjectState) -> str:
    """The line of the matrix that a move asks for."""
    if to == S.DEPOSITED:
        return "project.edit"
    return "project.triage" if to in _TRIAGE else "project.move"


@transaction.atomic
def move(
    project: Project,
    to: ProjectState,
    *,
    actor: Actor,
    reason: str = "",
    redirected_to: str = "",
    seen_state: str = "",
    passing: bool = False,
) -> Project:
    """Move a filed project. The deposit of a draft is `filing.deposit`.

    Args:
        reason: read by the holder; required to refuse, to redirect and to come back.
        seen_state: the state on the page that the person acted from, when there is one.
        passing: it ends here to begin again elsewhere, in the same transaction.

    Raises:
        Forbidden: not theirs to move.
        Refusal: somebody moved it meanwhile ("moved"), the table does not allow it ("transition"),
            or the reason is missing ("reason").
    """
    perms.require(actor, action_for(project, to), project)
    project = lock(project)
    before = ProjectState(project.state)
    _check(before, to, reason.strip(), seen_state)
    if to == S.REDIRECTED and not redirected_to.strip():
        raise Refusal(
            "Dites vers qui le projet est réorienté.", field="redirected_to", code="redirected_to"
        )
    now = clock.now()
    changes: dict[str, Any] = {"state": to, "updated_at": now, "end_reason": "", "ended_at": None}
    if to in ENDED:
        changes |= {"ended_at": now, "end_reason": reason.strip()}
    changes["redirected_to"] = redirected_to.strip()[:300] if to == S.REDIRECTED else ""
    # A move further says that somebody took it into account.
    marks = {to, S.ACKNOWLEDGED} if to in {S.QUALIFIED, S.ACCOMPANIED, S.CLOSED} else {to}
    for state in marks & _DATES.keys():
        if getattr(project, _DATES[state]) is None:
            changes[_DATES[state]] = now
    for name, value in changes.items():
        setattr(project, name, value)
    project.save(update_fields=list(changes))
    note(project, EventKind.STATE, actor=actor, change=(before, to), reason=reason.strip())
    project_moved.send(
        Project, project=project, before=before, actor=actor, reason=reason, passing=passing
    )
    return project


def _check(before: ProjectState, to: ProjectState, reason: str, seen_state: str) -> None:
    if seen_state and seen_state != before:
        raise Refusal(
            f"Ce projet a changé d’état entre-temps : il est « {before.label} ». Relisez-le avant"
            " de décider.",
            code="moved",
        )
    if to not in TRANSITIONS[before] or before == S.DRAFT:
        raise Refusal(
            f"Un projet « {before.label} » ne peut pas devenir « {to.label} ».", code="transition"
        )
    if (to in WITH_REASON or before in ENDED) and not reason:
        raise Refusal(
            "Écrivez le motif : le porteur du projet le lira.", field="reason", code="reason"
        )


@transaction.atomic
def pause(project: Project, *, until: date | None, reason: str, actor: Actor) -> Project:
    """Stop reminders and digests about it, until a day or until somebody takes it up again."""
    perms.require(actor, "project.edit", project)
    project = lock_open(project)
    if until is not None and until <= clock.today(project.zone):
        raise Refusal("Choisissez un jour à venir.", field="until", code="past")
    project.paused_at = project.paused_at or clock.now()
    project.paused_until = until
    project.save(update_fields=["paused_at", "paused_until"])
    after = f"en pause jusqu’au {until:%d/%m/%Y}" if until else "en pause"
    note(project, EventKind.STATUS, actor=actor, change=("", after), reason=reason)
    return project


@transaction.atomic
def resume(project: Project, *, actor: Actor) -> Project:
    """Take a paused project up again; twice is once."""
    perms.require(actor, "project.edit", project)
    project = lock_open(project)
    if project.paused_at is not None:
        project.paused_at = project.paused_until = None
        project.save(update_fields=["paused_at", "paused_until"])
        note(project, EventKind.STATUS, actor=actor, change=("en pause", "repris"))
    return project
