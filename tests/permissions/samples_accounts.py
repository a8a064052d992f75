"""Identities of outside providers, and an agent who asks to join the town."""

from functools import cached_property

from preau.accounts.models import Identity, JoinRequest


class AccountsWorld:
    """Added to `samples.World`."""

    @cached_property
    def identity(self):
        return Identity.objects.create(
            user=self.people["holder"][0], provider="franceconnect", sub="sample"
        )

    @cached_property
    def join_request(self):
        return JoinRequest.objects.create(user=self.people["resident"][0], organization=self.town)


ACCOUNTS_SAMPLES = {"accounts:prove": lambda world: {"pk": world.town.pk}}
ACCOUNTS_SAMPLES_BY_ARGUMENT = {
    "identity_provider": lambda world: "proconnect",
    "identity_pk": lambda world: world.identity.pk,
    "join_request_pk": lambda world: world.join_request.pk,
}
