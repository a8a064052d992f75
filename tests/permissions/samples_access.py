"""The town's door, a code that the holder has of it, one that a caretaker has."""

from functools import cached_property

from preau.access.actions.lifecycle import create
from preau.access.drivers import window_of
from preau.access.entitlements import Entitlement
from preau.access.enums import DriverKind
from tests.access.factories import DoorFactory, LockAccountFactory


class AccessWorld:
    """Added to `samples.World`."""

    @cached_property
    def door(self):
        return DoorFactory(place=self.place)

    @cached_property
    def lock_account(self):
        return LockAccountFactory(organization=self.town)

    @cached_property
    def access_grant(self):
        """Held by the holder, for the association: its booking's."""
        occupancy = self.booking.occupancy
        who = Entitlement(self.people["holder"][0].pk, self.association.pk, "Répétition")
        span = occupancy.span
        return create(self.door, occupancy, who, window=window_of(self.door, span.start, span.end))


ACCESS_SAMPLES = {}
ACCESS_SAMPLES_BY_ARGUMENT = {
    "door_id": lambda world: world.door.pk,
    "door_kind": lambda world: DriverKind.MANUAL.value,
    "account_kind": lambda world: DriverKind.NUKI.value,
    "lock_account_id": lambda world: world.lock_account.pk,
    "grant_id": lambda world: world.access_grant.pk,
}
