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
        "desk.inventory": (Role.CARETAKER, *DECIDERS),
        "desk.inventory_read": (Role.HOLDER, Role.CARETAKER, *DECIDERS),
        "desk.book_for": HANDS,
        "desk.confirmation": DECIDERS,
        "desk.import": HANDS,
        # The guide begins before there is a structure; its pages then belong to one.
        "desk.setup_start": (Role.SIGNED_IN,),
        "desk.setup": HANDS,
        # The page is for anyone signed in; the spaces it lists are those they may edit.
        "desk.change_many": (Role.SIGNED_IN,),
    }
)
