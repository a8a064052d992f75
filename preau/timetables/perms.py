"""The lines of the permission matrix of this room."""

from __future__ import annotations

from preau.accounts.actors import Actor
from preau.accounts.enums import MembershipRole, Role
from preau.accounts.perms import allowed, declare
from preau.accounts.steering import may_steer
from preau.core.errors import Forbidden
from preau.places.models import Place
from preau.places.perms import HANDS
from preau.timetables.models import Hosting, Timetable

COORDINATORS = (Role.MANAGER, Role.ADMINISTRATOR)

declare(
    {
        # The page is for anyone signed in; it says who plans, and lists what theirs may read.
        "timetable.list": (Role.SIGNED_IN,),
        "timetable.create": (Role.SIGNED_IN,),
        "timetable.read": (Role.MEMBER, Role.OPERATOR),
        "timetable.edit": COORDINATORS,
        "timetable.publish": COORDINATORS,
        # Only what is published, and only what any visitor of the place may know.
        "timetable.feed": (Role.ANYONE,),
        "hosting.read": (Role.MEMBER, Role.CARETAKER, Role.APPROVER, *HANDS),
        "hosting.answer": HANDS,
    }
)


def may_create(actor: Actor) -> bool:
    """A manager of a verified public organisation."""
    membership = actor.membership
    if membership is None or not may_steer(actor):
        return False
    return membership.role in {MembershipRole.MANAGER, MembershipRole.ADMINISTRATOR}


def require(actor: Actor, action: str, subject: Timetable | Hosting) -> None:
    """Called by every write of the room.

    Raises:
        Forbidden: the matrix says no, or the organisation does not plan.
    """
    if not allowed(actor, action, subject):
        raise Forbidden
    if isinstance(subject, Timetable) and not actor.is_system and not may_steer(actor):
        raise Forbidden("Votre structure ne compose pas de grilles de permanences.")


def runs(actor: Actor, place: Place) -> bool:
    """Whether the actor decides of the spaces of the place: theirs are taken, others' are asked."""
    return allowed(actor, "space.edit", place)
