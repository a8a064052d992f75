"""Who may, for workshops."""

from __future__ import annotations

from preau.accounts.perms import declare

declare({})
