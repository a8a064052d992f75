"""The lines of the permission matrix about calendars."""

from __future__ import annotations

from preau.accounts.enums import Role
from preau.accounts.perms import declare
from preau.booking.perms import DECIDERS, HANDS

declare(
    {
        "calendars.see": DECIDERS,
        "calendars.follow": HANDS,
        "calendars.mine": (Role.SIGNED_IN,),
        # The address is the right: long, random, renewed by its owner.
        "calendars.by_secret": (Role.ANYONE,),
    }
)
