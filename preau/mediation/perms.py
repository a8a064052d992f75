"""The lines of the permission matrix of this room."""

from __future__ import annotations

from preau.accounts.perms import declare

declare({})
