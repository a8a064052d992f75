"""Who may read and write a thread: whoever one of its audience lines names."""

from __future__ import annotations

from preau.accounts.actors import Actor
from preau.accounts.audiences import named_by
from preau.conversations.models import Thread


def can_read(actor: Actor, thread: Thread) -> bool:
    """Whether the thread is open to the actor."""
    return actor.is_system or named_by(actor, {line.key for line in thread.audiences.all()})


def can_write(actor: Actor, thread: Thread) -> bool:
    """Whether the actor may write in it: under a line that is not for reading only."""
    lines = {line.key for line in thread.audiences.all() if line.may_write}
    return actor.is_system or named_by(actor, lines)
