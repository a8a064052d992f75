"""Who may, for kits, their uses, supports, and records of local currencies.

What is done with a kit on a project follows the project's own lines (`project.read`,
`project.contribute`).
"""

from __future__ import annotations

from preau.accounts.actors import Actor
from preau.accounts.enums import Role
from preau.accounts.perms import declare
from preau.initiatives.perms.calls import may_keep

declare(
    {
        "kit.browse": (Role.ANYONE,),
        "kit.use": (Role.SIGNED_IN,),
        # The page is for anyone signed in; it says who may write, and lists what they may.
        "kit.desk": (Role.SIGNED_IN,),
        "kit.manage": (Role.MANAGER, Role.ADMINISTRATOR, Role.OPERATOR),
        "support.give": (Role.ANYONE,),
        "support.by_link": (Role.ANYONE,),
    }
)


def may_write_kits(actor: Actor) -> bool:
    """The operator, for everybody; whoever manages a public organisation, for theirs."""
    return actor.is_operator or may_keep(actor)
