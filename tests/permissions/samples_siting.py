"""Addresses of the room `siting`, and the things of the world they lead to."""

from functools import cached_property

from tests.siting.factories import WatchItemFactory, computed


class SitingWorld:
    """Added to `samples.World`."""

    @cached_property
    def scenario(self):
        """Of a public study: whoever reads it is said by the matrix alone."""
        return computed(study__organization=self.town, study__visibility="publique")

    @cached_property
    def watch_item(self):
        return WatchItemFactory(organization=self.town)


#: view name → arguments, as a function of the world.
SITING_SAMPLES = {}
#: argument of an address → its value.
SITING_SAMPLES_BY_ARGUMENT = {
    "study_key": lambda world: world.scenario.study.key,
    "scenario_key": lambda world: world.scenario.key,
    "gap_code": lambda world: next(iter(world.scenario.result["uncovered"].values())).split()[0],
    "watch_key": lambda world: world.watch_item.key,
}
