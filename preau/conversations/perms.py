"""Who may read and write a thread: whoever one of its audience lines names."""

from __future__ import annotations

from preau.accounts.actors import Actor
from preau.conversations.models import Thread
from preau.core.registries import audience_sources


def audience_keys(actor: Actor) -> set[str]:
    """The lines under which the actor reads, wearing the present hat."""
    keys = set()
    if actor.user_id is not None:
        keys.add(f"user:{actor.user_id}")
    if actor.organization_id is not None:
        keys.add(f"organization:{actor.organization_id}")
    for source in audience_sources:
        keys |= source(actor)
    return keys


def can_read(actor: Actor, thread: Thread) -> bool:
    """Whether the thread is open to the actor. Who reads may also write."""
    if actor.is_system:
        return True
    keys = audience_keys(actor)
    return bool(keys) and thread.audiences.filter(key__in=keys).exists()
