"""Addresses of the room `directory`, and the things of the world they lead to."""


class DirectoryWorld:
    """Added to `samples.World`."""


#: view name → arguments, as a function of the world.
DIRECTORY_SAMPLES = {}
#: argument of an address → its value.
DIRECTORY_SAMPLES_BY_ARGUMENT = {}
