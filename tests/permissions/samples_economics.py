"""Addresses of the room `economics`, and the things of the world they lead to."""


class EconomicsWorld:
    """Added to `samples.World`."""


#: view name → arguments, as a function of the world.
ECONOMICS_SAMPLES = {}
#: argument of an address → its value.
ECONOMICS_SAMPLES_BY_ARGUMENT = {}
