"""Addresses of the room `mediation`, and the things of the world they lead to."""


class MediationWorld:
    """Added to `samples.World`."""


#: view name → arguments, as a function of the world.
MEDIATION_SAMPLES = {}
#: argument of an address → its value.
MEDIATION_SAMPLES_BY_ARGUMENT = {}
