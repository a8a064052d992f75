"""Who may, for stories."""

from __future__ import annotations

from preau.accounts.perms import declare

declare({})
