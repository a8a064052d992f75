"""Booking a space for a project: what somebody is offered in the form of a booking."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from preau.accounts.actors import Actor
from preau.core.causes import PARAMETER, Cause
from preau.core.registries import booking_causes
from preau.projects.enums import LIVE, ProjectRole
from preau.projects.models import Project, ProjectMember

#: More than one holder has at work; what was asked for comes first in any case.
MOST = 30


def cause_of(project: Project) -> str:
    """The key under which a booking is made for the project."""
    return f"{PARAMETER}:{project.key}"


def key_in(cause: str) -> UUID | None:
    """The key of the project that a cause names."""
    kind, _, value = cause.partition(":")
    try:
        return UUID(value) if kind == PARAMETER else None
    except ValueError:
        return None


def offered(actor: Actor, wanted: Collection[str]) -> list[Cause]:
    """Projects at work that the person carries or contributes to, under any of their hats."""
    if actor.user is None:
        return []
    theirs = actor.user.memberships.filter(ended_at=None).values("organization")
    contributes = ProjectMember.objects.filter(
        Q(user=actor.user) | Q(organization__in=theirs),
        project=OuterRef("pk"),
        ended_at=None,
    )
    mine = Project.objects.filter(
        Q(holder_user=actor.user, holder_organization=None)
        | Q(holder_organization__in=theirs)
        | Exists(contributes.exclude(role=ProjectRole.OBSERVER)),
        state__in=LIVE,
    ).exclude(Exists(contributes.filter(role=ProjectRole.OBSERVER)))
    asked = [key for key in map(key_in, wanted) if key is not None]
    first = list(mine.filter(key__in=asked)) if asked else []
    others = mine.exclude(key__in=asked).order_by("-updated_at", "-pk")[: MOST - len(first)]
    return [Cause(cause_of(one), one.name) for one in [*first, *others]]


booking_causes.register("projects", offered)
