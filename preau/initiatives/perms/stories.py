"""The lines of the permission matrix about stories."""

from __future__ import annotations

from preau.accounts.enums import Role
from preau.accounts.perms import declare

#: Who answers for the place, or carries the project.
AUTHORS = (Role.MANAGER, Role.ADMINISTRATOR, Role.HOLDER, Role.PARTNER)

declare(
    {
        "story.read": (Role.ANYONE,),
        "story.signal": (Role.ANYONE,),
        "story.write": AUTHORS,
        "story.manage": (*AUTHORS, Role.OPERATOR),
        "story.take_off": (Role.OPERATOR,),
        "story.mine": (Role.SIGNED_IN,),
    }
)
