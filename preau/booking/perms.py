"""The lines of the permission matrix about bookings."""

from __future__ import annotations

from preau.accounts.enums import Role
from preau.accounts.perms import declare

DECIDERS = (Role.APPROVER, Role.MANAGER, Role.ADMINISTRATOR)
HANDS = (Role.MANAGER, Role.ADMINISTRATOR)

declare(
    {
        # --- The occupant
        "booking.start": (Role.ANYONE,),
        # A held slot belongs to a browser before it belongs to a person: the view answers 404
        # unless the session or the signed-in person holds it.
        "booking.continue": (Role.ANYONE,),
        # The link is the right: signed, for one person and one booking, for a time.
        "booking.by_link": (Role.ANYONE,),
        "booking.mine": (Role.SIGNED_IN,),
        "booking.view": (Role.HOLDER, Role.CARETAKER, *DECIDERS),
        "booking.amend": (Role.HOLDER,),
        "booking.cancel_mine": (Role.HOLDER,),
        "booking.ask_change_mine": (Role.HOLDER,),
        "booking.wait": (Role.SIGNED_IN,),
        "booking.leave_line": (Role.HOLDER,),
        "booking.write_message": (Role.HOLDER, *DECIDERS),
        # --- Those who run the place (`desk` has the rest)
        "booking.decide": DECIDERS,
        "booking.rules": HANDS,
        "booking.cancel_as_manager": DECIDERS,
        "booking.reschedule": HANDS,
        "booking.see_planning": (Role.CARETAKER, *DECIDERS),
    }
)
