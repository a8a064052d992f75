"""Whom to tell of a project, on either side."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from preau.accounts.enums import MembershipRole
from preau.accounts.models import Membership, User
from preau.accounts.queries import administrators
from preau.projects.enums import STANDING, ProjectRole
from preau.projects.models import Assignment, Project, ProjectMember


def holder_side(project: Project) -> list[User]:
    """The people who carry it: the holder, who filed it, members named so.

    Where nobody of the organisation is left, its administrators; never an agent who filed it on
    the organisation's behalf.
    """
    members = ProjectMember.objects.filter(
        project=project, role=ProjectRole.HOLDER, ended_at=None, user=OuterRef("pk")
    )
    named = Q(Exists(members))
    if project.holder_organization_id is None:
        return _active(named | Q(pk=project.holder_user_id))
    there = Membership.objects.filter(
        organization=project.holder_organization_id, ended_at=None, user=OuterRef("pk")
    )
    filed = {project.holder_user_id, project.filed_by_id} - {None}
    named |= Q(pk__in=filed) & Q(Exists(there))
    found = _active(named)
    if found:
        return found
    assert project.holder_organization is not None
    chiefs = [one for one in administrators(project.holder_organization) if one.is_active]
    return chiefs or _active(
        Q(
            memberships__organization=project.holder_organization_id,
            memberships__ended_at=None,
            memberships__role=MembershipRole.MANAGER,
        )
    )


def _active(named: Q) -> list[User]:
    return list(User.objects.filter(named, is_active=True).order_by("pk").distinct())


def state_side(project: Project) -> list[User]:
    """Who answers for it, then those set to work on it (the referent where nobody is named, or
    where whoever was has left)."""
    standing = Assignment.objects.filter(project=project, state__in=STANDING)
    rows = standing.exclude(role=ProjectRole.OBSERVER).annotate(there=Exists(still_of_service()))
    people = {project.in_charge_id} | {
        user if there else referent
        for user, referent, there in rows.values_list("user", "service__referent", "there")
    }
    return _active(Q(pk__in=people - {None}))


def still_of_service() -> QuerySet[Membership]:
    """For assignments: whether the person named is still of the service."""
    return Membership.objects.filter(
        user=OuterRef("user"), organization=OuterRef("service__organization"), ended_at=None
    )
