"""The portal's lines of the permission matrix."""

from __future__ import annotations

from preau.accounts.enums import Role
from preau.accounts.perms import declare

declare({"portal.read": [Role.ANYONE]})
