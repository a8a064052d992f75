"""Doors, accounts and codes for tests."""

import secrets
from datetime import timedelta

import factory
from factory.django import DjangoModelFactory

from preau.access import sealing, tasks
from preau.access.actions import reconcile
from preau.access.enums import DUE, DriverKind
from preau.access.models import AccessGrant, Door, LockAccount
from preau.accounts.actors import Actor
from preau.accounts.enums import MembershipRole
from preau.accounts.models import Membership
from preau.booking.actions.holds import hold
from preau.booking.actions.requests import accept, submit
from preau.core import clock
from preau.core.timeranges import Period
from tests.accounts.factories import MembershipFactory, OrganizationFactory, UserFactory
from tests.availability.factories import open_space
from tests.booking.factories import details
from tests.places.factories import PlaceFactory, SpaceFactory

#: What signs in at each fake.
CREDENTIALS = {
    DriverKind.ZIGBEE: {"username": "mairie", "password": "secret", "base": "zigbee2mqtt"},
    DriverKind.NUKI: {"token": "nuki-token"},
    DriverKind.TTLOCK: {
        "client_id": "client",
        "client_secret": "secret",
        "username": "mairie",
        "password": "password",
    },
    DriverKind.IGLOOHOME: {"client_id": "igloo-id", "client_secret": "igloo-secret"},
}


class LockAccountFactory(DjangoModelFactory):
    class Meta:
        model = LockAccount

    organization = factory.SubFactory(OrganizationFactory, verified=True)
    driver = DriverKind.NUKI
    name = factory.Sequence(lambda n: f"Compte {n}")

    @factory.lazy_attribute
    def sealed_credentials(self):
        one = LockAccount()
        sealing.keep_credentials(one, CREDENTIALS[self.driver])
        return one.sealed_credentials


class DoorFactory(DjangoModelFactory):
    """A key box; with `driver=`, a lock of the place's owner."""

    class Meta:
        model = Door

    place = factory.SubFactory(PlaceFactory)
    name = factory.Sequence(lambda n: f"Porte {n}")
    driver = DriverKind.MANUAL
    fallback = "La clé de secours est à la mairie."
    fallback_phone = "0476000000"

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        kind, code = kwargs["driver"], kwargs.pop("box_code", "4711")
        if kind == DriverKind.MANUAL:
            one = Door(**kwargs)
            sealing.keep_box_code(one, code)
            one.save()
            return one
        if "account" not in kwargs:
            service = DriverKind.TTLOCK if kind == DriverKind.TTLOCK_ALONE else kind
            kwargs["account"] = LockAccountFactory(
                organization=kwargs["place"].owner, driver=service
            )
        kwargs.setdefault("remote_id", secrets.token_hex(4))
        return super()._create(model_class, *args, **kwargs)


def manager_of(place):
    """Who runs it, as an actor."""
    role = MembershipRole.MANAGER
    row = Membership.objects.filter(organization=place.owner, role=role).first()
    row = row or MembershipFactory(organization=place.owner, role=role)
    return Actor(row.user, row)


def worker():
    """Everything that is due now, by the worker's own tasks."""
    tasks.each_minute(timestamp=0)
    due = AccessGrant.objects.filter(state__in=DUE, next_try__lte=clock.now())
    for pk in due.values_list("pk", flat=True):
        tasks.act(pk)


def confirmed(door, *, hours=30, user=None):
    """A confirmed booking of a space of the door's place, by the real actions; its only code.

    Starts on a whole hour, about that many hours from now.
    """
    space = SpaceFactory(place=door.place)
    open_space(space)
    first = clock.now().replace(minute=0, second=0, microsecond=0)
    period = Period(first + timedelta(hours=hours), first + timedelta(hours=hours + 2))
    actor = Actor(user or UserFactory())
    held = hold(space, period, actor=actor, visitor_key=f"user:{actor.user_id}")
    asked = submit(held, details(), actor=actor)
    booking = accept(asked, actor=manager_of(door.place))
    reconcile(booking.occupancy_id)
    return booking, AccessGrant.objects.get(occupancy=booking.occupancy, door=door)
