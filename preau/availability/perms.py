"""The lines of the permission matrix about opening hours."""

from __future__ import annotations

from preau.accounts.enums import Role
from preau.accounts.perms import declare

declare({"availability.edit_opening": (Role.MANAGER, Role.ADMINISTRATOR)})
