"""Charters of the town, and the place that joins one."""

from datetime import timedelta
from functools import cached_property

from preau.accounts.actors import Actor
from preau.agreements.loading import load_national_models
from preau.charters import card_links
from preau.charters.actions import networks
from preau.charters.models import PlaceMember
from preau.core import clock
from preau.notifications import links
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

    @cached_property
    def network(self):
        return networks.create("Réseau", "Se recevoir", actor=Actor(*self.people["manager"]))

    @cached_property
    def seat(self):
        return networks.invite_place(self.network, self.place, actor=Actor(*self.people["manager"]))

    @cached_property
    def place_member(self):
        """The holder, of the town's place."""
        return PlaceMember.objects.create(
            place=self.place,
            email=self.people["holder"][0].email,
            user=self.people["holder"][0],
            accepted_at=clock.now(),
            until=clock.today() + timedelta(days=30),
        )


#: view name → arguments, as a function of the world.
CHARTERS_SAMPLES = {}
#: argument of an address → its value.
CHARTERS_SAMPLES_BY_ARGUMENT = {
    "charter_key": lambda world: world.charter.key,
    "adhesion_key": lambda world: world.adhesion.key,
    "network_key": lambda world: world.network.key,
    "seat_key": lambda world: world.seat.key,
    "member_slug": lambda world: world.place.slug,
    "member_key": lambda world: world.place_member.key,
    "member_token": lambda world: links.sign(
        networks.INVITATION, {"member": world.place_member.pk}, days=1
    ),
    "card_token": lambda world: card_links.sign(world.place_member),
}
