"""Who may read and write a thread: whoever one of its audience lines names."""

from __future__ import annotations

from preau.accounts.actors import Actor
from preau.accounts.audiences import audience_keys
from preau.conversations.models import Thread


def can_read(actor: Actor, thread: Thread) -> bool:
    """Whether the thread is open to the actor. Who reads may also write."""
    if actor.is_system:
        return True
    keys = audience_keys(actor)
    return bool(keys) and thread.audiences.filter(key__in=keys).exists()
