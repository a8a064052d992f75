"""Addresses of the room `initiatives`, and the things of the world they lead to."""


class InitiativesWorld:
    """Added to `samples.World`."""


#: view name → arguments, as a function of the world.
INITIATIVES_SAMPLES = {}
#: argument of an address → its value.
INITIATIVES_SAMPLES_BY_ARGUMENT = {}
