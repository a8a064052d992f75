"""Conversations of a project: opening, writing with mentions, closing."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction

from preau.accounts.actors import Actor
from preau.accounts.models import User
from preau.conversations.actions import open_thread, post_message
from preau.conversations.models import Mention, Message
from preau.core import clock
from preau.core.errors import Forbidden, Refusal
from preau.projects import perms, standing
from preau.projects.actions import states
from preau.projects.enums import EventKind, Visibility
from preau.projects.history import note
from preau.projects.models import Project, ProjectThread
from preau.projects.queries.threads import mentionable, named_in_text
from preau.projects.telling import sheet as telling_sheet


@transaction.atomic
def open_conversation(
    project: Project,
    *,
    title: str,
    body: str,
    visibility: str = Visibility.MEMBERS,
    mentions: Iterable[int] = (),
    idempotency_key: UUID,
    actor: Actor,
) -> ProjectThread:
    """Start a conversation with its first message. Only the State's side opens an internal one.

    Raises:
        Forbidden: not theirs to write, or not of the State's side.
        Refusal: no title, no message.
    """
    perms.require(actor, "project.contribute", project)
    visibility = Visibility(visibility)
    if visibility == Visibility.STATE:
        perms.require(actor, "project.write_state_side", project)
    if not title.strip():
        raise Refusal("Donnez un titre à la conversation.", field="title", code="title")
    already = Message.objects.filter(idempotency_key=idempotency_key, author=actor.user)
    if sent := already.first():  # the button pressed twice
        return ProjectThread.objects.get(thread=sent.thread_id, project=project)
    project = states.lock(project)
    thread = open_thread(
        subject=title.strip(),
        audiences=[standing.writers(project, visibility)],
        readers=[standing.audience(project, visibility)],
        actor=actor,
    )
    made = ProjectThread.objects.create(project=project, thread=thread, visibility=visibility)
    note(
        project,
        EventKind.THREAD,
        actor=actor,
        subject=made,
        about=thread.subject,
        change=("", "ouverte"),
        visibility=visibility,
    )
    write(made, body=body, mentions=mentions, idempotency_key=idempotency_key, actor=actor)
    return made


@transaction.atomic
def write(
    conversation: ProjectThread,
    *,
    body: str,
    mentions: Iterable[int] = (),
    idempotency_key: UUID,
    actor: Actor,
) -> Message:
    """Write a message; whoever is called in it, by a box or by « @Nom », is told at once.

    Raises:
        Forbidden: removed meanwhile, or reading only.
        Refusal: the conversation is closed, the message is empty or too long.
    """
    conversation = _locked(conversation, actor)
    if conversation.closed_at is not None:
        raise Refusal(
            "Cette conversation vient d’être close. Rouvrez-la pour y écrire, ou ouvrez-en une"
            " autre.",
            code="closed",
        )
    known = Message.objects.filter(idempotency_key=idempotency_key).exists()
    message = post_message(
        thread=conversation.thread, body=body, idempotency_key=idempotency_key, actor=actor
    )
    if known:
        return message
    conversation.last_message_at = message.created_at
    conversation.save(update_fields=["last_message_at"])
    Project.objects.filter(pk=conversation.project_id).update(updated_at=message.created_at)
    called = _called(conversation, message, set(mentions))
    telling_sheet.message_written(conversation, message, called, actor=actor)
    return message


def _called(conversation: ProjectThread, message: Message, chosen: set[int]) -> list[User]:
    """Only people who read that conversation: nobody else learns that it exists."""
    people = mentionable(conversation)
    typed = named_in_text(message.body, people)
    found = [
        one
        for one in people
        if (one.pk in chosen or one.pk in typed) and one.pk != message.author_id
    ]
    Mention.objects.bulk_create(
        [Mention(message=message, user=one) for one in found], ignore_conflicts=True
    )
    return found


@transaction.atomic
def close(conversation: ProjectThread, *, actor: Actor) -> ProjectThread:
    """Nothing more to say; it stays readable. Twice is once."""
    return _end(conversation, closed=True, actor=actor)


@transaction.atomic
def reopen(conversation: ProjectThread, *, actor: Actor) -> ProjectThread:
    return _end(conversation, closed=False, actor=actor)


def _end(conversation: ProjectThread, *, closed: bool, actor: Actor) -> ProjectThread:
    conversation = _locked(conversation, actor)
    if (conversation.closed_at is not None) == closed:
        return conversation
    conversation.closed_at = clock.now() if closed else None
    conversation.save(update_fields=["closed_at"])
    note(
        conversation.project,
        EventKind.THREAD,
        actor=actor,
        subject=conversation,
        about=conversation.thread.subject,
        change=("", "close" if closed else "rouverte"),
        visibility=conversation.visibility,
    )
    return conversation


def _locked(conversation: ProjectThread, actor: Actor) -> ProjectThread:
    """The conversation as it is now, if the actor may write there.

    To who may not read it, an internal one does not exist: the same words as for no right at all.
    """
    perms.require(actor, "project.contribute", conversation.project)
    if conversation.visibility == Visibility.STATE and not standing.sees_state_side(
        actor, conversation.project
    ):
        raise Forbidden("Cette conversation ne vous est pas ouverte.")
    found = ProjectThread.objects.select_for_update(of=("self",)).select_related(
        "thread", "project__lead_commune"
    )
    return found.get(pk=conversation.pk)
