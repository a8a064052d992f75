"""When an organisation is merged into another: its programs ask for tokens anew."""

from __future__ import annotations

from preau.accounts.models import Organization
from preau.api.actions.webhooks import give_up_waiting
from preau.api.models import ApiToken, WebhookEndpoint
from preau.core import clock


def settle(source: Organization, target: Organization) -> None:
    """What was allowed for one organisation is not for another."""
    now = clock.now()
    ApiToken.objects.filter(organization=source, revoked_at=None).update(revoked_at=now)
    for one in WebhookEndpoint.objects.filter(organization=source, disabled_at=None):
        give_up_waiting(one)
    WebhookEndpoint.objects.filter(organization=source, disabled_at=None).update(
        disabled_at=now, disabled_reason="Arrêté : la structure a été réunie à une autre."
    )
