"""Addresses of the room `capacity`, and the things of the world they lead to."""


class CapacityWorld:
    """Added to `samples.World`."""


#: view name → arguments, as a function of the world.
CAPACITY_SAMPLES = {}
#: argument of an address → its value.
CAPACITY_SAMPLES_BY_ARGUMENT = {}
