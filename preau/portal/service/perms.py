"""The service page's line of the permission matrix."""

from __future__ import annotations

from preau.accounts.enums import Role
from preau.accounts.perms import declare

declare({"service.read": [Role.OPERATOR]})
