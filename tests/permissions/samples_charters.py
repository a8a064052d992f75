"""Charters of the town, and the place that joins one."""

from functools import cached_property

from preau.accounts.actors import Actor
from preau.agreements.loading import load_national_models
from tests.charters.factories import adhesion_of, charter_of


class ChartersWorld:
    """Added to `samples.World`."""

    @cached_property
    def charter(self):
        load_national_models()
        return charter_of(self.town, Actor(*self.people["manager"]))

    @cached_property
    def adhesion(self):
        """Of the town's place, to a charter that the association keeps."""
        load_national_models()
        charter = charter_of(self.association, Actor(*self.people["holder_member"]))
        return adhesion_of(charter, self.place, Actor(*self.people["manager"]))


#: view name → arguments, as a function of the world.
CHARTERS_SAMPLES = {}
#: argument of an address → its value.
CHARTERS_SAMPLES_BY_ARGUMENT = {
    "charter_key": lambda world: world.charter.key,
    "adhesion_key": lambda world: world.adhesion.key,
}
