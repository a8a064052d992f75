"""The lines of the permission matrix of this room."""

from __future__ import annotations

from preau.accounts.enums import Role
from preau.accounts.perms import declare

declare(
    {
        # An address of the API: the token says who calls, and the verb asks the matrix as that
        # person, as it does for a page. A cookie names nobody there.
        "api.call": (Role.ANYONE,),
        "api.docs": (Role.ANYONE,),
        # Tokens and webhooks of an organisation.
        "api.manage": (Role.ADMINISTRATOR,),
    }
)
