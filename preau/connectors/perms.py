"""Who may see how outside services are, and try them."""

from __future__ import annotations

from preau.accounts.enums import Role
from preau.accounts.perms import declare

declare({"outside.watch": (Role.OPERATOR,)})
