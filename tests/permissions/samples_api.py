"""The town has programs: a token, an endpoint and what was sent to it."""

from functools import cached_property

from preau.accounts.actors import Actor
from preau.api.actions.webhooks import tell
from preau.api.enums import EventType
from tests.api.factories import endpoint_of, token_of


class ApiWorld:
    """Added to `samples.World`."""

    @cached_property
    def town_administrator(self):
        return Actor(*self.people["administrator"])

    @cached_property
    def api_token(self):
        return token_of(self.town_administrator)[0]

    @cached_property
    def webhook(self):
        return endpoint_of(self.town_administrator)[0]

    @cached_property
    def webhook_delivery(self):
        return tell([self.webhook], EventType.PING, {"webhook": str(self.webhook.key)})[0]


#: Addresses of the API answer whatever they are asked about: what they show is asked of tokens
#: (tests/api/test_reading.py), and nothing need be there.
API_SAMPLES = {
    "api:v1:read_agreement": lambda world: {"number": "2027-38-0001"},
    "api:v1:read_place": lambda world: {"place_id": world.place.pk},
    "api:v1:read_project": lambda world: {"key": "6f9619ff-8b86-4d01-b42d-00cf4fc964ff"},
}
API_SAMPLES_BY_ARGUMENT = {
    "api_token_id": lambda world: world.api_token.pk,
    "webhook_key": lambda world: world.webhook.key,
    "message_key": lambda world: world.webhook_delivery.message_id,
}
