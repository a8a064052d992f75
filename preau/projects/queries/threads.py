"""Conversations that the actor reads, and who may be called in them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.db.models import Count, Exists, Q, QuerySet

from preau.accounts.actors import Actor
from preau.accounts.models import User
from preau.core.french import rank
from preau.projects import standing
from preau.projects.enums import STANDING, Visibility
from preau.projects.models import Project, ProjectThread
from preau.projects.recipients import holder_side, state_side, still_of_service

#: A service may count more people than a list of boxes can hold.
MOST_MENTIONABLE = 60


def visible_to(actor: Actor, project: Project) -> QuerySet[ProjectThread]:
    """The only way to list conversations: internal ones for the State's side alone."""
    found = ProjectThread.objects.filter(project=project)
    if not standing.sees_state_side(actor, project):
        found = found.filter(visibility=Visibility.MEMBERS)
    return found


def listed(actor: Actor, project: Project) -> QuerySet[ProjectThread]:
    """With their titles and how many messages, the last written first."""
    return (
        visible_to(actor, project)
        .select_related("thread")
        .annotate(count=Count("thread__messages"))
        .order_by("-last_message_at", "-pk")
    )


def may_open(actor: Actor, conversation: ProjectThread) -> bool:
    """Whether it exists, for the actor."""
    internal = conversation.visibility == Visibility.STATE
    return not internal or standing.sees_state_side(actor, conversation.project)


def readers_of(project: Project, visibility: str) -> list[User]:
    """The people named on the project who read what has that visibility."""
    people = {one.pk: one for one in state_side(project)}
    set_to = project.assignments.filter(Exists(still_of_service()), state__in=STANDING)
    asked = set(set_to.values_list("user", flat=True))
    if visibility == Visibility.MEMBERS:
        people |= {one.pk: one for one in holder_side(project)}
        members = project.members.filter(ended_at=None)
        asked |= set(filter(None, members.values_list("user", flat=True)))
    people |= User.objects.in_bulk(asked - people.keys())
    found = [one for one in people.values() if one.is_active]
    if visibility == Visibility.MEMBERS:
        return found
    # What is internal goes by e-mail too: asked of each, as the page would.
    return [one for one in found if reads(one, project, visibility)]


def mentionable(conversation: ProjectThread) -> list[User]:
    """Who may be called there: who reads it, by name; members removed meanwhile are not."""
    found = {one.pk: one for one in readers_of(conversation.project, conversation.visibility)}
    written = User.objects.filter(
        Q(pk__in=conversation.thread.messages.values("author")), is_active=True
    )
    for one in written.exclude(pk__in=found)[:MOST_MENTIONABLE]:
        if reads(one, conversation.project, conversation.visibility):
            found[one.pk] = one
    in_order = sorted(
        found.values(), key=lambda one: (rank(one.last_name), rank(one.first_name), one.pk)
    )
    return in_order[:MOST_MENTIONABLE]


def reads(user: User, project: Project, visibility: str) -> bool:
    """Whether somebody reads what has that visibility, under one of their hats."""
    scope = project.permission_scope
    hats = [None, *user.memberships.filter(ended_at=None).select_related("organization")]
    for hat in hats:
        roles = standing.roles_on_project(Actor(user=user, membership=hat), scope)
        if visibility == Visibility.STATE:
            roles &= standing.STATE_SIDE
        if roles:
            return True
    return False


def named_in_text(body: str, people: Iterable[User]) -> set[int]:
    """Those whose whole name is written after an @: « @Ana Silva », whatever the capitals."""
    text = re.sub(r"\s+", " ", body).casefold()
    return {
        one.pk
        for one in people
        if re.search(rf"@{re.escape(one.full_name.casefold())}(?!\w)", text)
    }
