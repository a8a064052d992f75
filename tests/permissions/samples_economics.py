"""Addresses of the room `economics`, and the things of the world they lead to."""

from functools import cached_property

from preau.accounts.actors import SYSTEM, Actor
from preau.economics import round_links
from preau.economics.actions import economy
from tests.economics.factories import HYPOTHESIS, opened_round, proposed


class EconomicsWorld:
    """Added to `samples.World`."""

    @cached_property
    def allocation(self):
        """Kept by the town, proposed to the association."""
        return proposed(Actor(*self.people["manager"]), self.association)

    @cached_property
    def cost_item(self):
        return self.allocation.items.first()

    @cached_property
    def cost_share(self):
        return self.allocation.providers.get(organization=self.association)

    @cached_property
    def economy(self):
        """Of the world's project, computed twice."""
        return economy_of(self.project)

    @cached_property
    def negotiation(self):
        """Led by the town; the association is invited."""
        return opened_round(Actor(*self.people["manager"]), self.association)

    @cached_property
    def negotiation_invitation(self):
        return self.negotiation.invitations.get(organization=self.association)

    @cached_property
    def negotiation_link(self):
        one = self.negotiation.invitations.get(name="La Poste")
        return round_links.page_for(one).split("/")[-2]


def economy_of(project):
    model = economy.create(project, name="Atelier", start_cents=0, actor=SYSTEM)
    economy.put_line(model, HYPOTHESIS, actor=SYSTEM)
    for _ in range(2):
        economy.compute(model, note="", seed=1, actor=SYSTEM)
    model.refresh_from_db()
    return model


#: view name → arguments, as a function of the world.
ECONOMICS_SAMPLES = {}
#: argument of an address → its value.
ECONOMICS_SAMPLES_BY_ARGUMENT = {
    "allocation_key": lambda world: world.allocation.key,
    "cost_item": lambda world: world.cost_item.pk,
    "share_key": lambda world: world.cost_share.key,
    "economy_project": lambda world: world.project.key,
    "economy_key": lambda world: world.economy.key,
    "economy_version": lambda world: 1,
    "round_key": lambda world: world.negotiation.key,
    "invitee_key": lambda world: world.negotiation_invitation.key,
    "round_token": lambda world: world.negotiation_link,
}
