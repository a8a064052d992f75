"""Addresses of the room `siting`, and the things of the world they lead to."""


class SitingWorld:
    """Added to `samples.World`."""


#: view name → arguments, as a function of the world.
SITING_SAMPLES = {}
#: argument of an address → its value.
SITING_SAMPLES_BY_ARGUMENT = {}
