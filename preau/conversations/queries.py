"""Reading a thread, a page at a time."""

from __future__ import annotations

from dataclasses import dataclass

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
