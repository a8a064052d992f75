"""Who brings lists in, and who reads the open data."""

from __future__ import annotations

from preau.accounts.enums import Role
from preau.accounts.perms import declare

declare(
    {
        # Keepers of a territory and the operator: `bringing.actions.require` sees to it.
        "directory.bring": (Role.SIGNED_IN,),
        "directory.batch": (Role.MEMBER, Role.HOLDER, Role.OPERATOR),
        "directory.open_data": (Role.ANYONE,),
    }
)
