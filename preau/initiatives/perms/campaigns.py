"""Who may, for campaigns and pledges."""

from __future__ import annotations

from preau.accounts.perms import declare

declare({})
