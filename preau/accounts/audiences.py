"""Under which lines of an audience a person reads: threads, documents."""

from __future__ import annotations

from collections.abc import Iterable

from preau.accounts.actors import Actor
from preau.accounts.enums import MembershipRole
from preau.core.registries import audience_sources, audience_tests

#: Who reads what an organisation shows to "organization:3:deciders": who answers for it, no more.
DECIDERS = frozenset(
    {MembershipRole.APPROVER, MembershipRole.MANAGER, MembershipRole.ADMINISTRATOR}
)


def deciders_of(organization_id: int) -> str:
    """The line of those who decide for an organisation: not its plain members nor caretakers."""
    return f"organization:{organization_id}:deciders"


def heirs(source_id: int, target_id: int) -> list[tuple[str, str]]:
    """When an organisation is merged into another: each of its lines, and what it becomes."""
    return [
        (f"organization:{source_id}", f"organization:{target_id}"),
        (deciders_of(source_id), deciders_of(target_id)),
    ]


def audience_keys(actor: Actor) -> set[str]:
    """The lines under which the actor reads, wearing the present hat: "user:12", "place:7"…"""
    keys = set()
    if actor.user_id is not None:
        keys.add(f"user:{actor.user_id}")
    if actor.membership is not None:
        keys.add(f"organization:{actor.membership.organization_id}")
        if actor.membership.role in DECIDERS:
            keys.add(deciders_of(actor.membership.organization_id))
    for source in audience_sources:
        keys |= source(actor)
    return keys


def named_by(actor: Actor, keys: Iterable[str]) -> bool:
    """Whether one of these lines names the actor.

    Asks the rooms whose lines are too many to be listed for a person: an agent reads under those
    of every project of a territory.
    """
    asked = set(keys)
    if asked & audience_keys(actor):
        return True
    return any(test(actor, asked) for test in audience_tests)
