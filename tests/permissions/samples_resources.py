"""Records of the library: one that everybody reads, one being written by the town."""

from functools import cached_property

from tests.resources.factories import ResourceFactory, published


class ResourcesWorld:
    """Added to `samples.World`."""

    @cached_property
    def resource(self):
        """The town's, with all it needs."""
        return ResourceFactory(owner=self.town)

    @cached_property
    def published_resource(self):
        return published(owner=self.town)

    @cached_property
    def resource_signal(self):
        return self.published_resource.signals.create(reason="erreur")


def _published(world):
    return {"resource_id": world.published_resource.pk}


RESOURCE_SAMPLES = {
    "resources:show": _published,
    "resources:signal": _published,
    "resources:renew": _published,
}
RESOURCE_SAMPLES_BY_ARGUMENT = {
    "resource_id": lambda world: world.resource.pk,
    "signal_id": lambda world: world.resource_signal.pk,
}
