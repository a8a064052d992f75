"""The lines of the permission matrix of this room."""

from __future__ import annotations

from preau.accounts.enums import Role
from preau.accounts.perms import declare

HANDS = (Role.MANAGER, Role.ADMINISTRATOR)

declare(
    {
        # A signatory needs no account: the link says whose it is, the code sent to their address
        # proves it, and each page asks for both.
        "agreement.sign": (Role.ANYONE,),
        "agreement.see_round": (Role.HOLDER, Role.APPROVER, *HANDS),
        "agreement.run_round": HANDS,
        # The rounds of the present hat's organisation.
        "agreement.list_rounds": (Role.SIGNED_IN,),
        "agreement.set_provider": (Role.ADMINISTRATOR,),
        # A signature service: known by the signature of what it sends.
        "agreement.notify": (Role.ANYONE,),
    }
)
