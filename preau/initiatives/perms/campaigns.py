"""The lines of the permission matrix about campaigns."""

from __future__ import annotations

from preau.accounts.enums import Role
from preau.accounts.perms import declare

declare(
    {
        "campaign.read": (Role.ANYONE,),
        "campaign.pledge": (Role.ANYONE,),
        "campaign.by_link": (Role.ANYONE,),
        "campaign.cancel_pledge": (Role.SIGNED_IN,),  # the verb asks for one's own
        # The holder's side runs it; the State's services read how it goes on the sheet.
        "campaign.run": (Role.HOLDER, Role.PARTNER),
    }
)
