"""Handing one event over: one try, what it says, when the next one is."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.urls import reverse

from preau.accounts.queries import administrators
from preau.api.actions.webhooks import defer, give_up_waiting, secrets_of
from preau.api.enums import DeliveryState
from preau.api.models import WebhookDelivery, WebhookEndpoint
from preau.api.topics import WEBHOOKS
from preau.core import clock
from preau.core.sealed import Unreadable
from preau.integrations.http import Rejected, Unavailable
from preau.integrations.webhooks import post
from preau.notifications.actions import notify
from preau.outside.calls import NotAsked, calling

SERVICE = "webhooks"
#: After each failure, how long until the next try: seven tries in about a day.
PAUSES = (
    timedelta(seconds=10),
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
    timedelta(hours=15),
)
#: Without one success in that long, an endpoint is stopped and its administrators told.
PATIENCE = timedelta(days=7)
#: Whoever took a delivery has ended, one way or another, within that.
CLAIM = timedelta(minutes=2)
#: Deliveries are kept so long, for the log and for replays.
KEPT = timedelta(days=30)


def deliver(delivery_id: int) -> None:
    """Try once. Called twice at once, it is sent once; for one that has ended, nothing is done."""
    delivery = _claimed(delivery_id)
    if delivery is None:
        return
    endpoint = delivery.endpoint
    if not endpoint.is_live or endpoint.membership.ended_at is not None:
        _give_up(delivery, "the endpoint is stopped or its owner has left")
        return
    body = json.dumps(delivery.payload, ensure_ascii=False, separators=(",", ":")).encode()
    try:
        with calling(SERVICE, account=str(endpoint.key)):
            status = post(
                endpoint.url,
                body,
                message_id=str(delivery.message_id),
                at=int(clock.now().timestamp()),
                secrets=secrets_of(endpoint),
                only_public=settings.CALLS_PUBLIC_ONLY,
            )
    except NotAsked as paused:
        _wait(delivery, clock.now() + timedelta(seconds=paused.retry_after or 30))
    except (Unavailable, Rejected) as error:
        _failed(delivery, error)
    except Unreadable:
        _give_up(delivery, "its secret can no longer be read: set another")
    else:
        _delivered(delivery, status)


def _claimed(delivery_id: int) -> WebhookDelivery | None:
    """The delivery, if it is due and nobody else is sending it."""
    now = clock.now()
    due = WebhookDelivery.objects.filter(
        pk=delivery_id, state=DeliveryState.WAITING, next_at__lte=now
    )
    if not due.update(next_at=now + CLAIM):
        return None
    rows = WebhookDelivery.objects.select_related("endpoint__membership", "endpoint__organization")
    return rows.get(pk=delivery_id)


def _delivered(delivery: WebhookDelivery, status: int) -> None:
    with transaction.atomic():
        _end(delivery, DeliveryState.DELIVERED, status, "", attempts=delivery.attempts + 1)
        endpoints = WebhookEndpoint.objects.filter(pk=delivery.endpoint_id)
        endpoints.exclude(failing_since=None).update(failing_since=None)


def _failed(delivery: WebhookDelivery, error: Unavailable | Rejected) -> None:
    status = _status_of(error)
    attempts = delivery.attempts + 1
    with transaction.atomic():
        if attempts > len(PAUSES):
            _end(delivery, DeliveryState.GIVEN_UP, status, str(error), attempts=attempts)
        else:
            at = clock.now() + PAUSES[attempts - 1]
            WebhookDelivery.objects.filter(pk=delivery.pk).update(
                attempts=attempts, last_status=status, last_trouble=str(error)[:120]
            )
            _wait(delivery, at)
        _note_failure(delivery.endpoint)


def _status_of(error: Unavailable | Rejected) -> int:
    if isinstance(error, Rejected):
        return error.status
    found = re.search(r"status (\d{3})", str(error))
    return int(found[1]) if found else 0


def _wait(delivery: WebhookDelivery, at: datetime) -> None:
    with transaction.atomic():
        waiting = WebhookDelivery.objects.filter(pk=delivery.pk, state=DeliveryState.WAITING)
        if waiting.update(next_at=at):
            defer(delivery, at)


def _give_up(delivery: WebhookDelivery, why: str) -> None:
    _end(delivery, DeliveryState.GIVEN_UP, 0, why, attempts=delivery.attempts)


def _end(
    delivery: WebhookDelivery, state: DeliveryState, status: int, trouble: str, *, attempts: int
) -> None:
    WebhookDelivery.objects.filter(pk=delivery.pk, state=DeliveryState.WAITING).update(
        state=state,
        ended_at=clock.now(),
        next_at=None,
        attempts=attempts,
        last_status=status,
        last_trouble=trouble[:120],
    )


def _note_failure(endpoint: WebhookEndpoint) -> None:
    """Since when it fails; after a week, it is stopped."""
    now = clock.now()
    rows = WebhookEndpoint.objects.filter(pk=endpoint.pk, disabled_at=None)
    rows.update(failing_since=Coalesce("failing_since", now))
    reason = "Arrêté après une semaine sans un seul envoi réussi."
    stopped = rows.filter(failing_since__lte=now - PATIENCE).update(
        disabled_at=now, disabled_reason=reason
    )
    if stopped:
        give_up_waiting(endpoint)
        _tell_administrators(endpoint, now)


def _tell_administrators(endpoint: WebhookEndpoint, at: datetime) -> None:
    notify(
        administrators(endpoint.organization),
        topic=WEBHOOKS.key,
        title="Un webhook est arrêté",
        body=f"Depuis une semaine, rien n’a pu être remis à {endpoint.url}. Nous n’y envoyons plus"
        " rien. Réparez le programme qui reçoit, puis reprenez l’envoi.",
        cause=f"api.webhook:{endpoint.pk}:{at.isoformat()}",
        url=reverse("api:webhook", args=[endpoint.key]),
    )


def sweep() -> int:
    """Hand over again what is due and that no task has come for: a worker died meanwhile."""
    late = clock.now() - CLAIM
    due = WebhookDelivery.objects.filter(state=DeliveryState.WAITING, next_at__lt=late)
    found = list(due.order_by("next_at")[:500])
    for one in found:
        defer(one)
    return len(found)


def forget() -> int:
    """Delete what is older than the log tells, and former secrets that sign no more."""
    now = clock.now()
    WebhookEndpoint.objects.filter(former_until__lt=now).update(former_secret="", former_until=None)
    old = Q(created_at__lt=now - KEPT) & ~Q(state=DeliveryState.WAITING)
    return WebhookDelivery.objects.filter(old).delete()[0]
