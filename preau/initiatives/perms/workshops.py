"""Who may, for workshops and the watch list of a territory's cell."""

from __future__ import annotations

from preau.accounts.enums import Role
from preau.accounts.perms import declare

declare(
    {
        "workshop.browse": (Role.ANYONE,),
        # Public ones for everybody: the view answers 404 to others than the cell's members.
        "workshop.see": (Role.ANYONE,),
        "workshop.by_link": (Role.ANYONE,),
        "workshop.desk": (Role.SIGNED_IN,),
        "workshop.read": (Role.MEMBER,),
        "workshop.manage": (Role.MANAGER, Role.ADMINISTRATOR),
        "watch.manage": (Role.MANAGER, Role.ADMINISTRATOR),
    }
)
