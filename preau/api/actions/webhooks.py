"""Setting endpoints, and what is queued for them."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from procrastinate.contrib.django import app

from preau.accounts.actors import Actor
from preau.accounts.models import Organization
from preau.api.actions.tokens import require_manager
from preau.api.enums import DeliveryState, EventType
from preau.api.models import WebhookDelivery, WebhookEndpoint
from preau.core import audit, clock, sealed
from preau.core.errors import Refusal
from preau.integrations.webhooks import PREFIX, BadAddress, check

PURPOSE = "api.webhook"
#: Both secrets sign for so long after a change.
OVERLAP = timedelta(days=1)
MOST = 10
DELIVER = "api.deliver"


@transaction.atomic
def create(
    organization: Organization, *, actor: Actor, url: str, events: Iterable[str]
) -> tuple[WebhookEndpoint, str]:
    """An endpoint, and the secret that signs what it receives: shown once.

    Raises:
        Refusal: an address that nothing is sent to; too many of them.
    """
    membership = require_manager(actor, organization)
    _check(url)
    _require_room(organization)
    secret = _fresh_secret()
    made = WebhookEndpoint.objects.create(
        membership=membership,
        organization=organization,
        url=url,
        events=sorted(set(events)),
        secret=sealed.seal(secret, purpose=PURPOSE),
    )
    audit.record(actor, "api.webhook_created", made, events=made.events)
    return made, secret


def _require_room(organization: Organization) -> None:
    """Those that are stopped take none. One at a time: two at once would both find the last."""
    Organization.objects.select_for_update().get(pk=organization.pk)
    live = WebhookEndpoint.objects.filter(organization=organization, disabled_at=None)
    if live.count() >= MOST:
        raise Refusal(
            f"Cette structure a déjà {MOST} webhooks actifs. Arrêtez celui qui ne sert plus.",
            code="too_many_webhooks",
        )


@transaction.atomic
def edit(endpoint: WebhookEndpoint, *, actor: Actor, url: str, events: Iterable[str]) -> None:
    """Another address, or other events; from now on it listens as whoever has said so.

    Raises:
        Refusal: an address that nothing is sent to.
    """
    membership = require_manager(actor, endpoint.organization)
    _check(url)
    endpoint.url, endpoint.events = url, sorted(set(events))
    endpoint.membership = membership
    endpoint.save(update_fields=["url", "events", "membership"])
    audit.record(actor, "api.webhook_edited", endpoint, events=endpoint.events)


def _check(url: str) -> None:
    try:
        check(url, only_public=settings.CALLS_PUBLIC_ONLY)
    except BadAddress as bad:
        raise Refusal(str(bad), field="url", code="address") from None


@transaction.atomic
def rotate(endpoint: WebhookEndpoint, *, actor: Actor) -> str:
    """Another secret; the former one signs beside it for a day. Shown once."""
    require_manager(actor, endpoint.organization)
    row = WebhookEndpoint.objects.select_for_update().get(pk=endpoint.pk)
    secret = _fresh_secret()
    row.former_secret, row.former_until = row.secret, clock.now() + OVERLAP
    row.secret = sealed.seal(secret, purpose=PURPOSE)
    row.save(update_fields=["secret", "former_secret", "former_until"])
    audit.record(actor, "api.webhook_secret_changed", row)
    return secret


@transaction.atomic
def stop(endpoint: WebhookEndpoint, *, actor: Actor) -> None:
    """Nothing more is sent to it; what waited is given up."""
    require_manager(actor, endpoint.organization)
    ended = WebhookEndpoint.objects.filter(pk=endpoint.pk, disabled_at=None).update(
        disabled_at=clock.now(), disabled_reason="Arrêté par un administrateur."
    )
    if ended:
        give_up_waiting(endpoint)
        audit.record(actor, "api.webhook_stopped", endpoint)


@transaction.atomic
def resume(endpoint: WebhookEndpoint, *, actor: Actor) -> None:
    """Send to it again what comes from now on; it listens as whoever resumes it.

    Raises:
        Refusal: too many others are live by now.
    """
    membership = require_manager(actor, endpoint.organization)
    if not endpoint.is_live:
        _require_room(endpoint.organization)
    endpoint.disabled_at, endpoint.disabled_reason, endpoint.failing_since = None, "", None
    endpoint.membership = membership
    endpoint.save(update_fields=["disabled_at", "disabled_reason", "failing_since", "membership"])
    audit.record(actor, "api.webhook_resumed", endpoint)


def give_up_waiting(endpoint: WebhookEndpoint) -> None:
    endpoint.deliveries.filter(state=DeliveryState.WAITING).update(
        state=DeliveryState.GIVEN_UP, ended_at=clock.now(), next_at=None
    )


def secrets_of(endpoint: WebhookEndpoint) -> list[str]:
    """All that sign now, the newest first."""
    found = [endpoint.secret]
    if endpoint.former_until is not None and endpoint.former_until > clock.now():
        found.append(endpoint.former_secret)
    return [sealed.unseal(one, purpose=PURPOSE) for one in found]


def _fresh_secret() -> str:
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


# --- What is queued


def tell(
    endpoints: Iterable[WebhookEndpoint], event: EventType, data: Mapping[str, Any]
) -> list[WebhookDelivery]:
    """Queue an event for each of these, in the transaction that makes it true.

    Args:
        data: identifiers and states; no personal data.
    """
    now = clock.now()
    payload = {"type": str(event), "timestamp": now.isoformat(), "data": dict(data)}
    made = WebhookDelivery.objects.bulk_create(
        [
            WebhookDelivery(endpoint=one, event=event, payload=payload, created_at=now, next_at=now)
            for one in endpoints
        ]
    )
    for one in made:
        defer(one)
    return made


def defer(delivery: WebhookDelivery, at: datetime | None = None) -> None:
    """Have it sent by a task: now, or then."""
    options: dict[str, Any] = {"schedule_at": at} if at else {}
    app.configure_task(DELIVER, **options).defer(delivery_id=delivery.pk)


@transaction.atomic
def ping(endpoint: WebhookEndpoint, *, actor: Actor) -> WebhookDelivery:
    """Something to receive, to see that it works.

    Raises:
        Refusal: it is stopped.
    """
    require_manager(actor, endpoint.organization)
    _require_live(endpoint)
    [made] = tell([endpoint], EventType.PING, {"webhook": str(endpoint.key)})
    return made


@transaction.atomic
def replay(delivery: WebhookDelivery, *, actor: Actor) -> None:
    """Send it once more, under the same id: the receiver knows what it has had.

    Raises:
        Refusal: its endpoint is stopped.
    """
    require_manager(actor, delivery.endpoint.organization)
    _require_live(delivery.endpoint)
    now = clock.now()
    row = WebhookDelivery.objects.select_for_update().get(pk=delivery.pk)
    if row.state == DeliveryState.WAITING and row.attempts == 0:
        return  # pressed twice
    row.state, row.attempts, row.next_at, row.ended_at = DeliveryState.WAITING, 0, now, None
    row.save(update_fields=["state", "attempts", "next_at", "ended_at"])
    audit.record(actor, "api.webhook_replayed", row)
    defer(row)


def _require_live(endpoint: WebhookEndpoint) -> None:
    if not endpoint.is_live:
        raise Refusal("Ce webhook est arrêté : reprenez-le d’abord.", code="stopped")
