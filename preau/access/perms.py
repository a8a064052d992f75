"""The lines of the permission matrix about doors and codes."""

from __future__ import annotations

from preau.accounts.enums import Role
from preau.accounts.perms import declare

HANDS = (Role.MANAGER, Role.ADMINISTRATOR)

declare(
    {
        # Doors, their state and who has a code when; no code.
        "access.doors": (Role.CARETAKER, Role.APPROVER, *HANDS),
        "access.edit": HANDS,
        "access.account": HANDS,
        # A click, noted: for whoever is on the phone with somebody before a closed door.
        "access.reveal": (Role.CARETAKER, *HANDS),
        "access.mine": (Role.SIGNED_IN,),
        "access.read": (Role.HOLDER,),
    }
)
