"""Who is told of what is written on the sheet."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse

from preau.accounts.actors import Actor
from preau.accounts.models import User
from preau.conversations.models import Message
from preau.core import clock
from preau.notifications.actions import Notice, tell
from preau.projects.enums import Visibility
from preau.projects.models import Project, ProjectThread
from preau.projects.queries.threads import readers_of
from preau.projects.topics.sheet import MENTIONS, MESSAGES

#: What a notice quotes of a message.
QUOTED = 300


def message_written(
    conversation: ProjectThread, message: Message, called: Iterable[User], *, actor: Actor
) -> None:
    """Those called, at once, even while the project sleeps; the other readers as they prefer."""
    project = conversation.project
    author = actor.user.full_name if actor.user else "Préau"
    url = reverse("projects:thread", args=[conversation.pk]) + f"#message-{message.pk}"
    inner = " (interne à l’État)" if conversation.visibility == Visibility.STATE else ""
    body = f"{conversation.thread.subject}{inner} : {_quoted(message.body)}"
    asked = {one.pk: one for one in called}
    notices = [
        Notice(
            one,
            MENTIONS.key,
            f"{author} vous appelle dans le projet « {project.name} »",
            f"projects.message:{message.pk}",
            body=body,
            url=url,
        )
        for one in asked.values()
    ]
    if not is_paused(project):
        notices += [
            Notice(
                one,
                MESSAGES.key,
                f"{author} écrit dans le projet « {project.name} »",
                f"projects.message:{message.pk}",
                body=body,
                url=url,
            )
            for one in readers_of(project, conversation.visibility)
            if one.pk not in asked and one.pk != message.author_id
        ]
    tell(notices)


def is_paused(project: Project) -> bool:
    """Nobody is written to about it, but those called by name."""
    if project.paused_at is None:
        return False
    return project.paused_until is None or project.paused_until >= clock.today(project.zone)


def _quoted(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= QUOTED else line[: QUOTED - 1].rstrip() + "…"
