"""Who may, for calls for initiatives and submissions."""

from __future__ import annotations

from preau.accounts.perms import declare

declare({})
