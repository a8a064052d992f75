"""Addresses of the room `initiatives`, in two parts, and the things of the world they lead to."""

from tests.permissions.samples_calls import CALLS_SAMPLES, CALLS_SAMPLES_BY_ARGUMENT, CallsWorld
from tests.permissions.samples_campaigns import (
    CAMPAIGNS_SAMPLES,
    CAMPAIGNS_SAMPLES_BY_ARGUMENT,
    CampaignsWorld,
)


class InitiativesWorld(CallsWorld, CampaignsWorld):
    """Added to `samples.World`."""


#: view name → arguments, as a function of the world.
INITIATIVES_SAMPLES = CALLS_SAMPLES | CAMPAIGNS_SAMPLES
#: argument of an address → its value.
INITIATIVES_SAMPLES_BY_ARGUMENT = CALLS_SAMPLES_BY_ARGUMENT | CAMPAIGNS_SAMPLES_BY_ARGUMENT
