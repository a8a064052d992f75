"""Changing the role of a member, removing one, leaving."""

from __future__ import annotations

from django.db import transaction

from preau.accounts.actors import SYSTEM, Actor
from preau.accounts.models import User
from preau.core import clock
from preau.core.errors import Forbidden, Refusal
from preau.projects import perms, standing
from preau.projects.actions import states
from preau.projects.emails import sheet as emails_sheet
from preau.projects.enums import EventKind, ProjectRole
from preau.projects.history import note
from preau.projects.models import ProjectInvitation, ProjectMember, Step
from preau.projects.queries.people import highest_role, may_change
from preau.projects.words import rank


def _live(member: ProjectMember) -> ProjectMember:
    """The membership as it is now, its project locked."""
    states.lock(member.project)
    fresh = ProjectMember.objects.select_related("project__lead_commune", "user", "organization")
    found = fresh.filter(pk=member.pk, ended_at=None).first()
    if found is None:
        raise Refusal("Cette personne n’est plus membre du projet.", code="not_member")
    return found


def _require_rank(actor: Actor, member: ProjectMember, role: str) -> None:
    if member.user_id is not None and member.user_id == actor.user_id:
        raise Refusal(
            "Vous ne pouvez pas changer votre propre rôle. Demandez à un autre membre, ou quittez"
            " le projet.",
            code="oneself",
        )
    highest = highest_role(actor, member.project)
    if highest is None or rank(role) > rank(highest) or not may_change(actor, member):
        raise Forbidden(
            "Vous ne pouvez ni donner ni retirer un rôle plus fort que le vôtre. Demandez au"
            " porteur ou à un pilote du projet."
        )


@transaction.atomic
def change_role(member: ProjectMember, role: str, *, actor: Actor) -> ProjectMember:
    """Give another role to somebody; they are told."""
    perms.require(actor, "project.invite", member.project)
    member = _live(member)
    states.require_open(member.project)
    _require_rank(actor, member, role)
    before, member.role = member.role, ProjectRole(role)
    if before == member.role:
        return member
    member.save(update_fields=["role"])
    event = note(
        member.project,
        EventKind.MEMBER,
        actor=actor,
        subject=member,
        about="Membre",
        change=(before, member.role),
    )
    if member.user is not None:
        emails_sheet.role_changed(
            member.project, member.user, ProjectRole(member.role), event=event.pk
        )
    return member


@transaction.atomic
def remove(member: ProjectMember, *, reason: str, actor: Actor) -> None:
    """Take somebody off the project, with a reason that they read. What they wrote stays."""
    perms.require(actor, "project.invite", member.project)
    member = _live(member)
    _require_rank(actor, member, member.role)
    reason = reason.strip()
    if not reason:
        raise Refusal("Dites pourquoi : la personne le lira.", field="reason", code="reason")
    event = _end(member, actor=actor, reason=reason)
    if member.user is not None:
        emails_sheet.removed(member.project, member.user, reason, event=event, actor=actor)


@transaction.atomic
def leave(member: ProjectMember, *, actor: Actor) -> None:
    """Go: one's own place only."""
    perms.require(actor, "project.leave", member.project)
    member = _live(member)
    if member.user_id is None or member.user_id != actor.user_id:
        raise Forbidden("Chacun ne quitte que sa propre place.")
    _end(member, actor=actor, reason="")
    standing.forget(actor)


def _end(member: ProjectMember, *, actor: Actor, reason: str) -> int:
    member.ended_at = clock.now()
    member.save(update_fields=["ended_at"])
    event = note(
        member.project,
        EventKind.MEMBER,
        actor=actor,
        subject=member,
        about="Membre",
        change=(member.role, "retiré" if reason else "parti"),
        reason=reason,
    )
    return int(event.pk)


@transaction.atomic
def forget(user: User) -> None:
    """An account closes: its places on projects end, what it had to do is anybody's again."""
    now = clock.now()
    rows = ProjectMember.objects.select_related("project").filter(user=user, ended_at=None)
    for member in rows:
        states.lock(member.project)
        _end(member, actor=SYSTEM, reason="Compte fermé.")
    ProjectInvitation.objects.filter(
        email__iexact=user.email, accepted_at=None, revoked_at=None
    ).update(revoked_at=now)
    Step.objects.filter(owner=user, ended_at=None).update(owner=None, owner_name="")
