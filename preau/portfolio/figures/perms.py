"""The line of the matrix for figures."""

from __future__ import annotations

from preau.accounts.enums import Role
from preau.accounts.perms import declare

declare(
    {
        # The view shows what the service of the hat worn answers for, or says whom it is for.
        "impact.read": (Role.SIGNED_IN,),
    }
)
