"""Who may, for kits, their uses, supports."""

from __future__ import annotations

from preau.accounts.perms import declare

declare({})
