"""Addresses of the room `capacity`, and the things of the world they lead to."""

from functools import cached_property

from preau.capacity.models import PlannedChange
from preau.core import clock


class CapacityWorld:
    """Added to `samples.World`."""

    @cached_property
    def followed_change(self):
        return PlannedChange.objects.create(
            place=self.place, day=clock.today(self.place.zone), label="Ouverture le soir"
        )


#: view name → arguments, as a function of the world.
CAPACITY_SAMPLES = {}
#: argument of an address → its value.
CAPACITY_SAMPLES_BY_ARGUMENT = {
    "counted_place": lambda world: world.place.pk,
    "opened_space": lambda world: world.space.pk,
    "followed_change": lambda world: world.followed_change.pk,
}
