"""The lines of the permission matrix of this room."""

from __future__ import annotations

from preau.accounts.actors import Actor
from preau.accounts.enums import Role
from preau.accounts.perms import declare
from preau.accounts.steering import may_steer

declare(
    {
        # The view shows figures to those who plan for a territory, and says whom they are for to
        # the others. What is counted is public: published hours, and whether they are taken.
        "capacity.read": (Role.SIGNED_IN,),
        "capacity.read_place": (Role.APPROVER, Role.MANAGER, Role.ADMINISTRATOR, Role.OPERATOR),
        "capacity.follow_change": (Role.MANAGER, Role.ADMINISTRATOR),
        # The factor is the platform's: one for everybody, dated and sourced.
        "capacity.set_factor": (Role.OPERATOR,),
    }
)


def can_read_territories(actor: Actor) -> bool:
    return may_steer(actor)
