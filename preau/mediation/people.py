"""Who mediates: the people of a structure, but not whoever only opens its doors."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from preau.accounts.actors import Actor
from preau.accounts.enums import MembershipRole
from preau.accounts.models import Membership, Organization, User


def mediators_of(organization_id: int) -> QuerySet[Membership]:
    """Those of today. A caretaker counts visits and keeps nobody's file."""
    there = Membership.objects.filter(organization=organization_id, ended_at=None)
    return there.exclude(role=MembershipRole.CARETAKER)


def mediates(actor: Actor) -> bool:
    """Whether they may keep files with the present hat."""
    return actor.membership is not None and actor.membership.role != MembershipRole.CARETAKER


def administrators_of(organization_id: int) -> QuerySet[User]:
    there = Membership.objects.filter(
        organization=organization_id, ended_at=None, role=MembershipRole.ADMINISTRATOR
    )
    return User.objects.filter(pk__in=there.values("user"), is_active=True)


def heir_of(organization: Organization) -> int:
    """The structure, or the one it has become: it may have been united more than once."""
    while organization.merged_into is not None:
        organization = organization.merged_into
    return organization.pk


def with_absorbed(organization_ids: Iterable[int]) -> set[int]:
    """These structures, and all that have become one of them."""
    every = fresh = set(organization_ids)
    while fresh:
        rows = Organization.objects.filter(merged_into__in=fresh).values_list("pk", flat=True)
        fresh = set(rows) - every
        every = every | fresh
    return every
