"""Bookings for tests, made by the real actions, and the people around them."""

from dataclasses import dataclass
from datetime import date, timedelta

from preau.accounts.actors import Actor
from preau.accounts.enums import MembershipRole
from preau.accounts.models import Membership
from preau.booking.actions.holds import hold
from preau.booking.actions.requests import accept, submit
from preau.booking.actions.steps import Details
from preau.booking.approvers import DECIDING
from preau.core import clock
from preau.core.timeranges import Period, local_instant
from preau.places.enums import ApprovalMode
from tests.accounts.factories import MembershipFactory, UserFactory
from tests.availability.factories import open_space
from tests.places.factories import SpaceFactory


def bookable_space(**fields):
    """A published space, open at all hours."""
    space = SpaceFactory(**fields)
    open_space(space)
    return space


def evening(space, days=10, start=18, end=20):
    """From `start` to `end` o'clock, that many days from now, in the place's time."""
    zone = space.place.zone
    day: date = clock.today(zone) + timedelta(days=days)
    return Period(local_instant(day, start * 60, zone), local_instant(day, end * 60, zone))


def details(**fields):
    return Details(
        **{
            "purpose": "Répétition de la chorale",
            "attendance": 12,
            "is_public_event": False,
            "contact_name": "Camille Martin",
            "contact_phone": "0476000000",
        }
        | fields
    )


@dataclass
class People:
    """A space, somebody who books it, and somebody who runs it."""

    space: object
    occupant: Actor
    manager: Actor

    def book(self, **kwargs):
        return booking(self.space, actor=self.occupant, **kwargs)


def people(**fields):
    space = bookable_space(**fields)
    membership = MembershipFactory(organization=space.place.owner, role=MembershipRole.MANAGER)
    return People(space, Actor(UserFactory()), Actor(user=membership.user, membership=membership))


def held(space, *, actor=None, visitor_key="", days=10, quantity=1, **hours):
    actor = actor or Actor(UserFactory())
    key = visitor_key or f"user:{actor.user_id}"
    period = evening(space, days=days, **hours)
    return hold(space, period, actor=actor, visitor_key=key, quantity=quantity)


def booking(space=None, *, actor=None, confirmed=False, days=10, typed=None, **hours):
    """A request sent (`confirmed=True`: and accepted) by the real actions."""
    space = space or bookable_space()
    actor = actor or Actor(UserFactory())
    one = held(space, actor=actor, days=days, **hours)
    one = submit(one, typed or details(), actor=actor)
    if confirmed and space.approval == ApprovalMode.MANAGER:
        deciders = Membership.objects.filter(organization=space.place.owner, role__in=DECIDING)
        manager = deciders.first() or MembershipFactory(
            organization=space.place.owner, role=MembershipRole.MANAGER
        )
        one = accept(one, actor=Actor(user=manager.user, membership=manager))
    return one
