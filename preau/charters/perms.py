"""The lines of the permission matrix of this room, and the guard of its verbs."""

from __future__ import annotations

from typing import Any

from preau.accounts.actors import Actor
from preau.accounts.enums import Role
from preau.accounts.perms import allowed, declare
from preau.accounts.steering import may_steer
from preau.core.errors import Forbidden

HANDS = (Role.MANAGER, Role.ADMINISTRATOR)

declare(
    {
        "charter.read": (Role.ANYONE,),
        # The page is for anyone signed in; it lists what their hat keeps and says who may.
        "charter.mine": (Role.SIGNED_IN,),
        "charter.see": (Role.MEMBER, Role.OPERATOR),
        "charter.keep": (*HANDS, Role.OPERATOR),
        # For a place: its manager commits it.
        "charter.join": HANDS,
        "charter.see_adhesion": (Role.MEMBER, Role.HOLDER, Role.OPERATOR, *HANDS),
        "charter.answer": HANDS,
        "charter.oversee": (Role.HOLDER,),  # and a hand of the keeper: `may_oversee`
        # --- Networks
        "network.read": (Role.ANYONE,),
        # Lists what the hat keeps and the places it runs; the verbs ask for the right on each.
        "network.mine": (Role.SIGNED_IN,),
        "network.keep": (*HANDS, Role.OPERATOR),
        "network.answer": HANDS,
        "network.members": HANDS,
        "network.card": (Role.HOLDER,),
        # The link is the invitation; accepting asks for the account of its address.
        "network.accept": (Role.SIGNED_IN,),
        # Reading a card: whoever receives in one of the network's places; the page asks.
        "network.check": (Role.SIGNED_IN,),
        "network.welcome": (Role.CARETAKER, *HANDS),
    }
)

NOT_YOURS = "Vous n’avez pas ce droit avec la casquette que vous portez en ce moment."


def may_create(actor: Actor) -> bool:
    """A hand of a verified public organisation, or of any verified association that federates."""
    organization = actor.organization
    return (
        organization is not None
        and organization.is_verified
        and allowed(actor, "charter.keep", organization)
        and (may_steer(actor) or organization.kind == "association")
    )


def may_oversee(actor: Actor, adhesion: Any) -> bool:
    """Suspending and reinstating: the keeper's hands alone."""
    return allowed(actor, "charter.keep", adhesion.charter)


def require(actor: Actor, action: str, subject: Any) -> None:
    """Stop whoever may not: first line of every verb.

    Raises:
        Forbidden: with the sentence the person reads.
    """
    if not allowed(actor, action, subject):
        raise Forbidden(NOT_YOURS)
