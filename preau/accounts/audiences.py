"""Under which lines of an audience a person reads: threads, documents."""

from __future__ import annotations

from preau.accounts.actors import Actor
from preau.core.registries import audience_sources


def audience_keys(actor: Actor) -> set[str]:
    """The lines under which the actor reads, wearing the present hat: "user:12", "place:7"…"""
    keys = set()
    if actor.user_id is not None:
        keys.add(f"user:{actor.user_id}")
    if actor.organization_id is not None:
        keys.add(f"organization:{actor.organization_id}")
    for source in audience_sources:
        keys |= source(actor)
    return keys
