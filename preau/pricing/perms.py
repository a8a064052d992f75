"""The lines of the permission matrix of this room."""

from __future__ import annotations

from preau.accounts.enums import Role
from preau.accounts.perms import declare

HANDS = (Role.MANAGER, Role.ADMINISTRATOR)

declare(
    {
        # The pages are for anyone signed in; what they show is asked of the present hat.
        "tariff.list": (Role.SIGNED_IN,),
        "tariff.simulate": (Role.SIGNED_IN,),
        "tariff.create": HANDS,
        "tariff.read": (Role.MEMBER, *HANDS),
        "tariff.edit": HANDS,
        "option.edit": HANDS,
    }
)
