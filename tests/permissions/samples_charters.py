"""Addresses of the room `charters`, and the things of the world they lead to."""


class ChartersWorld:
    """Added to `samples.World`."""


#: view name → arguments, as a function of the world.
CHARTERS_SAMPLES = {}
#: argument of an address → its value.
CHARTERS_SAMPLES_BY_ARGUMENT = {}
