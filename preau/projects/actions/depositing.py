"""The deposit: a draft becomes a project in the hands of its pair, once."""

from __future__ import annotations

from django.db import transaction

from preau.accounts.actors import Actor
from preau.core import clock
from preau.core.errors import Refusal
from preau.projects import filing_steps, history, perms, standing
from preau.projects.actions import invitations, receiving, states
from preau.projects.emails import filing as emails_filing
from preau.projects.enums import EventKind, Origin, ProjectRole, ProjectState
from preau.projects.events import project_deposited
from preau.projects.models import Filing, Project, ProjectMember


def deposit(project: Project, *, actor: Actor) -> Project:
    """Put the draft in the hands of its département's pair; twice is once.

    Raises:
        Forbidden: not theirs.
        Refusal: something is missing ("missing"), or the département has no pair yet ("no_pair"):
            the draft stays, and its holder is told the day there is one.
    """
    try:
        return _deposit(project, actor=actor)
    except Refusal as refusal:
        if refusal.code == "no_pair":
            Filing.objects.filter(project=project, awaits_pair_since=None).update(
                awaits_pair_since=clock.now()
            )
        raise


@transaction.atomic
def _deposit(project: Project, *, actor: Actor) -> Project:
    perms.require(actor, "project.edit", project)
    project = states.lock(project)
    if not project.is_draft:  # the button pressed twice, or in two tabs
        return project
    if missing := filing_steps.missing(project):
        raise Refusal(missing[0][1], code="missing")
    pair = receiving.charge(project)
    if project.origin == Origin.AGENT:
        _hand_over(project, actor)
    project.state, project.deposited_at = ProjectState.DEPOSITED, clock.now()
    project.visitor_key, project.filed_by = "", actor.user
    project.save()
    Filing.objects.filter(project=project).update(awaits_pair_since=None)
    change = (ProjectState.DRAFT, ProjectState.DEPOSITED)
    history.note(project, EventKind.STATE, actor=actor, change=change)
    _note_partner(project, actor)
    receiving.receive(project, pair, actor=actor)
    _keep_sight(project, actor)
    project_deposited.send(Project, project=project, actor=actor)
    emails_filing.tell_deposited(project, actor)
    return project


def _hand_over(project: Project, actor: Actor) -> None:
    """The agent files; the project is its holder's, whom the letter of invitation reaches."""
    invitations.invite(
        project,
        email=project.contact_email,
        role=ProjectRole.HOLDER,
        message="Nous avons déposé ce projet pour vous. Vérifiez-le et complétez-le.",
        actor=actor,
    )
    project.holder_user = None


def _note_partner(project: Project, actor: Actor) -> None:
    name = filing_steps.filing_of(project).partner_name
    if name:
        change = ("", f"avec {name}")
        history.note(project, EventKind.MEMBER, actor=actor, about="Partenaire", change=change)


def _keep_sight(project: Project, actor: Actor) -> None:
    """An agent who filed for somebody elsewhere goes on seeing the project."""
    standing.forget(actor)
    if standing.roles_on_project(actor, project.permission_scope):
        return
    ProjectMember.objects.create(
        project=project, user=actor.person, role=ProjectRole.SUPPORT, invited_by=actor.user
    )
