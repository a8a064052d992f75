"""The mail pages' lines of the permission matrix."""

from __future__ import annotations

from preau.accounts.enums import Role
from preau.accounts.perms import declare

declare(
    {
        # Everybody reads it, and it exists in the demonstration only.
        "notifications.mailbox": [Role.ANYONE],
        "notifications.failures": [Role.OPERATOR],
    }
)
