"""The lines of the permission matrix of this room, and the guard of its verbs."""

from __future__ import annotations

from typing import Any

from preau.accounts.actors import Actor
from preau.accounts.enums import Role
from preau.accounts.perms import allowed, declare
from preau.core.errors import Forbidden

HANDS = (Role.MANAGER, Role.ADMINISTRATOR)

declare(
    {
        # The page is for anyone signed in; it lists the places where their hat receives people.
        "mediation.mine": (Role.SIGNED_IN,),
        # On a sheet: the people of whoever keeps it.
        "mediation.count": (Role.MEMBER,),
        "mediation.read_figures": (Role.MEMBER,),
        "mediation.open_file": (Role.MEMBER,),
        # A person's file: its mediator, nobody else. One whose mediator has left is erased, or
        # given to somebody, by whoever administers the structure, who does not read it.
        "mediation.follow": (Role.HOLDER,),
        "mediation.erase_file": (Role.HOLDER, Role.ADMINISTRATOR),
        "mediation.reassign": (Role.ADMINISTRATOR,),
        # The register of an organisation.
        "mediation.trainings": (Role.SIGNED_IN,),
        "mediation.register_training": HANDS,
        # The agenda.
        "agenda.read": (Role.ANYONE,),
        "agenda.edit": (Role.MEMBER, *HANDS),
    }
)

NOT_YOURS = "Vous n’avez pas ce droit avec la casquette que vous portez en ce moment."


def require(actor: Actor, action: str, subject: Any) -> None:
    """Stop whoever may not: first line of every verb.

    Raises:
        Forbidden: with the sentence the person reads.
    """
    if not allowed(actor, action, subject):
        raise Forbidden(NOT_YOURS)
