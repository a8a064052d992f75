"""Who is told about a resource."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from preau.accounts.audiences import DECIDERS
from preau.accounts.models import User
from preau.resources.models import Resource


def keepers_of(resource: Resource) -> QuerySet[User]:
    """Who answers for the record: deciders of its owner, or the operators of the platform."""
    if resource.owner_id is None:
        return _operators()
    return User.objects.filter(
        memberships__organization=resource.owner_id,
        memberships__ended_at=None,
        memberships__role__in=DECIDERS,
        is_active=True,
    ).distinct()


def readers_of(resource: Resource) -> QuerySet[User]:
    """Who may read it before it is published: keepers who did not write it, else operators."""
    wrote = [pk for pk in (resource.submitted_by_id, resource.edited_by_id) if pk]
    others = keepers_of(resource).exclude(pk__in=wrote)
    return others if others.exists() else _operators().exclude(pk__in=wrote)


def keepers_and_author(resource: Resource) -> QuerySet[User]:
    author = Q(pk=resource.edited_by_id) if resource.edited_by_id else Q(pk__in=[])
    keepers = keepers_of(resource).values("pk")
    return User.objects.filter(Q(pk__in=keepers) | author, is_active=True).order_by("pk")


def _operators() -> QuerySet[User]:
    return User.objects.filter(is_operator=True, is_active=True)
