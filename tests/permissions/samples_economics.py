"""Addresses of the room `economics`, and the things of the world they lead to."""

from functools import cached_property

from preau.accounts.actors import Actor
from tests.economics.factories import proposed


class EconomicsWorld:
    """Added to `samples.World`."""

    @cached_property
    def allocation(self):
        """Kept by the town, proposed to the association."""
        return proposed(Actor(*self.people["manager"]), self.association)

    @cached_property
    def cost_item(self):
        return self.allocation.items.first()

    @cached_property
    def cost_share(self):
        return self.allocation.providers.get(organization=self.association)


#: view name → arguments, as a function of the world.
ECONOMICS_SAMPLES = {}
#: argument of an address → its value.
ECONOMICS_SAMPLES_BY_ARGUMENT = {
    "allocation_key": lambda world: world.allocation.key,
    "cost_item": lambda world: world.cost_item.pk,
    "share_key": lambda world: world.cost_share.key,
}
