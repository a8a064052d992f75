"""The lines of the permission matrix about the desk."""

from __future__ import annotations

from preau.accounts.enums import Role
from preau.accounts.perms import declare
from preau.booking.perms import DECIDERS, HANDS

declare(
    {
        "desk.see": (Role.SIGNED_IN,),
        "desk.plan": HANDS,
        "desk.export": DECIDERS,
    }
)
