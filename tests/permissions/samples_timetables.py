"""Addresses of the room `timetables`, and the things of the world they lead to."""


class TimetablesWorld:
    """Added to `samples.World`."""


#: view name → arguments, as a function of the world.
TIMETABLES_SAMPLES = {}
#: argument of an address → its value.
TIMETABLES_SAMPLES_BY_ARGUMENT = {}
