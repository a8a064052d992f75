"""Opening a thread and writing in it."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction

from preau.accounts.actors import Actor
from preau.conversations import perms
from preau.conversations.events import message_posted
from preau.conversations.models import Message, Thread, ThreadAudience
from preau.core import audit, rows
from preau.core.errors import Forbidden, Refusal
from preau.core.formats import number
from preau.core.transactions import joined

LONGEST_MESSAGE = 5000


@joined
def open_thread(
    *, subject: str, audiences: Iterable[str], actor: Actor, readers: Iterable[str] = ()
) -> Thread:
    """Start a conversation about one thing.

    Args:
        audiences: who reads and writes: "user:12", "organization:5", "place:7".
        readers: who reads only, in the same words.
    """
    [thread] = rows.insert([Thread(subject=subject[:200])])
    writers = set(audiences)
    rows.insert(
        [
            ThreadAudience(thread=thread, key=key, may_write=key in writers)
            for key in sorted(writers | set(readers))
        ]
    )
    audit.record(actor, "conversations.open_thread", thread)
    return thread


@transaction.atomic
def post_message(*, thread: Thread, body: str, idempotency_key: UUID, actor: Actor) -> Message:
    """Write a message under the present hat.

    The same key gives the first message back: a double click writes once.

    Raises:
        Forbidden: the thread is not open to the actor.
        Refusal: nothing is written, or too much.
    """
    if actor.user is None or not perms.can_write(actor, thread):
        raise Forbidden("Cette conversation ne vous est pas ouverte.")
    message, created = Message.objects.get_or_create(
        idempotency_key=idempotency_key,
        defaults={
            "thread": thread,
            "author": actor.user,
            "on_behalf_of": str(actor.organization or "")[:160],
            "body": _checked(body),
        },
    )
    if created:
        audit.record(actor, "conversations.post_message", message, thread=thread.pk)
        message_posted.send(Message, thread=thread, message=message, actor=actor)
    elif (message.thread_id, message.author_id) != (thread.pk, actor.user_id):
        raise Refusal(
            "Ce message n’a pas pu être envoyé. Rechargez la page, puis écrivez-le de nouveau.",
            field="body",
            code="key_taken",
        )
    return message


def _checked(body: str) -> str:
    text = body.replace("\r\n", "\n").replace("\x00", "").strip()
    if not text:
        raise Refusal("Écrivez votre message avant de l’envoyer.", field="body", code="empty")
    if len(text) > LONGEST_MESSAGE:
        raise Refusal(
            f"Votre message compte {number(len(text))} signes ; il peut en compter"
            f" {number(LONGEST_MESSAGE)} au plus. Raccourcissez-le ou envoyez-le en deux fois.",
            field="body",
            code="too_long",
        )
    return text
