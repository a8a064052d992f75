"""Addresses of the room `mirrors`, and the things of the world they lead to."""

from functools import cached_property

from tests.mirrors.factories import ConflictFactory, MirroredTableFactory, MirrorFactory


class MirrorsWorld:
    """Added to `samples.World`."""

    @cached_property
    def mirror(self):
        mirror = MirrorFactory(organization=self.town, state="actif")
        MirroredTableFactory(mirror=mirror)
        return mirror

    @cached_property
    def mirror_conflict(self):
        return ConflictFactory(row__table=self.mirror.tables.get())


#: view name → arguments, as a function of the world.
MIRRORS_SAMPLES = {}
#: argument of an address → its value.
MIRRORS_SAMPLES_BY_ARGUMENT = {
    "mirror_key": lambda world: world.mirror.key,
    "mirror_conflict": lambda world: world.mirror_conflict.pk,
    "hook_token": lambda world: "inconnu",
}
