"""Where the project is by now, said by its holder."""

from __future__ import annotations

from django.db import transaction

from preau.accounts.actors import Actor
from preau.core import clock
from preau.core.errors import Refusal
from preau.projects import perms
from preau.projects.actions.states import lock
from preau.projects.enums import AskKind, EventKind, PhaseStatus, ProjectState
from preau.projects.history import note
from preau.projects.models import ImpactAsk, Project
from preau.resources.enums import Phase


@transaction.atomic
def tell_phase(
    project: Project, phase: Phase, status: PhaseStatus, *, actor: Actor, comment: str = ""
) -> Project:
    """Note the phase, even when it has not changed: « toujours en étude » is a fact with its date.

    Raises:
        Forbidden: not theirs to say.
        Refusal: the project is a draft.
    """
    perms.require(actor, "project.answer", project)
    project = lock(project)
    if project.state == ProjectState.DRAFT:
        raise Refusal("Ce projet n’est pas encore déposé.", code="draft")
    before, was = project.phase, project.phase_status
    project.phase, project.phase_status = phase, status
    project.save(update_fields=["phase", "phase_status"])
    note(project, EventKind.PHASE, actor=actor, change=(before, phase), reason=comment.strip())
    if status != was:
        note(project, EventKind.STATUS, actor=actor, change=(was, status))
    asked = ImpactAsk.objects.filter(project=project, answered_at=None)
    asked.exclude(kind=AskKind.REVIEW).update(answered_at=clock.now())
    return project
