"""The lines of the permission matrix of this room."""

from __future__ import annotations

from preau.accounts.enums import Role
from preau.accounts.perms import declare

HANDS = (Role.MANAGER, Role.ADMINISTRATOR)

declare(
    {
        # --- The library. The national models are for anyone signed in; copying asks
        # `agreement.edit_models` of the present hat's organisation.
        "agreement.library": (Role.SIGNED_IN,),
        "agreement.read_model": (Role.MEMBER, Role.CARETAKER, Role.APPROVER, *HANDS),
        "agreement.edit_models": HANDS,
        "agreement.appoint": HANDS,
        "agreement.record_opinion": HANDS,
        # --- Agreements. The list is that of the present hat, which must be allowed to `oversee`.
        "agreement.mine": (Role.SIGNED_IN,),
        "agreement.list": (Role.SIGNED_IN,),
        "agreement.oversee": (Role.APPROVER, *HANDS),
        "agreement.view": (Role.HOLDER, Role.APPROVER, *HANDS),
        "agreement.my_link": (Role.HOLDER, Role.APPROVER, *HANDS),
        "agreement.cancel": HANDS,
        # --- Signing
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
