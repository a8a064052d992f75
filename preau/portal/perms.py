"""The portal's lines of the permission matrix."""

from __future__ import annotations

from preau.accounts.enums import Role
from preau.accounts.perms import declare

declare(
    {
        "portal.read": [Role.ANYONE],
        # The page lists what each may open; whoever steers nothing finds few lines there.
        "portal.steer": [Role.SIGNED_IN],
    }
)
