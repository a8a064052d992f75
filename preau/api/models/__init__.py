"""Tables of the room."""

from preau.api.models.calls import IdempotentCall, RateWindow
from preau.api.models.tokens import ApiToken
from preau.api.models.webhooks import WebhookDelivery, WebhookEndpoint

__all__ = ["ApiToken", "IdempotentCall", "RateWindow", "WebhookDelivery", "WebhookEndpoint"]
