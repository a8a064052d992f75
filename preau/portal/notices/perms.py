"""The notification pages' lines of the permission matrix."""

from __future__ import annotations

from preau.accounts.enums import Role
from preau.accounts.perms import declare

declare(
    {
        "notifications.mine": [Role.SIGNED_IN],
        "notifications.open": [Role.HOLDER],
        # The link is the right: signed, for one person and one topic, for a time.
        "notifications.unsubscribe": [Role.ANYONE],
    }
)
