"""The lines of the permission matrix about listings."""

from __future__ import annotations

from preau.accounts.enums import Role
from preau.accounts.perms import declare

#: Whoever placed it: the person, or those who answer for the organisation.
KEEPERS = (Role.HOLDER, Role.MANAGER, Role.ADMINISTRATOR)

declare(
    {
        "listing.read": (Role.ANYONE,),
        "listing.signal": (Role.ANYONE,),
        # The verb refuses one's own listing, and those no longer shown.
        "listing.answer": (Role.SIGNED_IN,),
        "listing.mine": (Role.SIGNED_IN,),
        "listing.keep": (*KEEPERS, Role.OPERATOR),
        "listing.talk": (Role.READER,),  # the two sides of a conversation
        "listing.dismiss": (Role.READER,),
        # The page shows what waits for the hat worn, or says that nothing does.
        "listing.queue": (Role.SIGNED_IN,),
        "listing.moderate": (Role.READER, Role.OPERATOR),
        # --- Flows of a project
        "flow.read": (
            Role.HOLDER,
            Role.PARTNER,
            Role.OBSERVER,
            Role.STATE,
            Role.STATE_READER,
            Role.AGENT,
        ),
        "flow.write": (Role.HOLDER, Role.PARTNER, Role.STATE, Role.AGENT),
    }
)
