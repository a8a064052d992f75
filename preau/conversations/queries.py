"""Reading a thread, a page at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from preau.accounts.models import User
from preau.conversations.models import Message, Thread

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class MessagePage:
    """Messages in the order they were written.

    Attributes:
        older: give it back as `before` for the page that precedes; None at the beginning.
        newest: nothing was written after these.
    """

    messages: list[Message]
    older: int | None
    newest: bool


def messages_of(thread: Thread, *, before: int | str | None = None) -> MessagePage:
    """The last messages, or those that precede message `before` (as read in an address)."""
    messages = thread.messages.select_related("author").order_by("-pk")
    asked = str(before)
    limit = int(asked) if asked.isdecimal() and len(asked) <= 18 else None
    found = list((messages.filter(pk__lt=limit) if limit else messages)[: PAGE_SIZE + 1])
    older = found[PAGE_SIZE - 1].pk if len(found) > PAGE_SIZE else None
    return MessagePage(found[:PAGE_SIZE][::-1], older, newest=limit is None)


def personal_data(user: User) -> dict[str, Any]:
    """What a person wrote, for the export that they may ask for."""
    written = Message.objects.filter(author=user).select_related("thread").order_by("pk")
    return {
        "messages écrits": [
            {
                "conversation": message.thread.subject,
                "au nom de": message.on_behalf_of,
                "message": message.body,
                "écrit le": message.created_at,
            }
            for message in written.iterator()
        ]
    }
