"""Who is told of what: endpoints that listen to it, and whose owner may read it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.conf import settings
from procrastinate.contrib.django import app

from preau.accounts.actors import Actor
from preau.accounts.perms import allowed
from preau.agreements.models import Agreement
from preau.api.actions.webhooks import tell
from preau.api.enums import EventType
from preau.api.models import WebhookDelivery, WebhookEndpoint
from preau.api.service import PREFIX
from preau.booking.enums import BookingState, Change
from preau.booking.models import Booking
from preau.core import clock
from preau.payments.enums import DueState
from preau.payments.models import Due
from preau.projects.models import Project

TELL_PROJECT = "api.tell_project_moved"
_CONFIRMED = {
    Change.CONFIRMED_AT_ONCE, Change.BROUGHT_IN, Change.ACCEPTED, Change.COMPLETED
}  # fmt: skip
_MOVED = {Change.MOVED, Change.DATES_CHANGED, Change.CHANGED, Change.CHANGE_ACCEPTED}
_ENDED = {Change.CANCELLED, Change.REFUSED, Change.EXPIRED, Change.NOT_COMPLETED}


def event_of(change: Change, state: str) -> EventType | None:
    """What a change of a booking is told as; None for what is between its two sides."""
    if change == Change.REQUESTED:
        return EventType.BOOKING_REQUESTED
    if change in _CONFIRMED and state == BookingState.CONFIRMED:
        return EventType.BOOKING_CONFIRMED
    if change in _MOVED:
        return EventType.BOOKING_MOVED
    return EventType.BOOKING_CANCELLED if change in _ENDED else None


def listeners(
    event: EventType, organizations: Collection[int | None] | None = None
) -> list[WebhookEndpoint]:
    """Live endpoints that listen to it; of these organisations, or of any."""
    found = WebhookEndpoint.objects.filter(
        disabled_at=None,
        events__contains=[event],
        membership__ended_at=None,
        membership__user__is_active=True,
    )
    if organizations is not None:
        found = found.filter(organization__in=[one for one in organizations if one])
    return list(found.select_related("membership__user", "membership__organization"))


def actor_of(endpoint: WebhookEndpoint) -> Actor:
    return Actor(user=endpoint.membership.user, membership=endpoint.membership)


def booking_changed(booking: Booking, change: Change) -> int:
    event = event_of(change, booking.state)
    if event is None:
        return 0
    concerned = listeners(event, {booking.place.owner_id, booking.organization_id})
    told = [one for one in concerned if allowed(actor_of(one), "booking.view", booking)]
    return len(tell(told, event, _of_booking(booking)))


def _of_booking(booking: Booking) -> dict[str, Any]:
    return {
        "reference": booking.reference,
        "state": str(booking.state),
        "space_id": booking.space_id,
        "place_id": booking.place_id,
        "starts_at": booking.starts_at.isoformat(),
        "ends_at": booking.ends_at.isoformat(),
        "url": api_url(f"bookings/{booking.reference}"),
    }


def agreement_signed(agreement: Agreement) -> int:
    event = EventType.AGREEMENT_SIGNED
    concerned = listeners(event, {agreement.owner_id, agreement.holder_organization_id})
    told = [one for one in concerned if allowed(actor_of(one), "agreement.view", agreement)]
    data = {
        "number": agreement.number,
        "state": str(agreement.state),
        "url": api_url(f"agreements/{agreement.number}"),
    }
    return len(tell(told, event, data))


def due_paid(due: Due) -> int:
    """Once for each who listens, however many times the sum changes afterwards."""
    event = EventType.DUE_PAID
    concerned = listeners(event, {due.payee_id, due.payer_organization_id})
    # Its state is kept by the database: what the caller holds may be older.
    if not concerned or not Due.objects.filter(pk=due.pk, state=DueState.PAID).exists():
        return 0
    named = {"endpoint__in": concerned, "event": event, "payload__data__due": str(due.key)}
    before = set(WebhookDelivery.objects.filter(**named).values_list("endpoint", flat=True))
    told = [
        one
        for one in concerned
        if one.pk not in before and allowed(actor_of(one), "payments.read_due", due)
    ]
    data = {"due": str(due.key), "source": due.source, "state": str(DueState.PAID)}
    return len(tell(told, event, data))


def defer_project_moved(project: Project, before: str) -> None:
    """Who may read a project is asked of each endpoint: by a task, not by whoever moved it."""
    if not WebhookEndpoint.objects.filter(
        disabled_at=None, events__contains=[EventType.PROJECT_MOVED]
    ).exists():
        return
    app.configure_task(TELL_PROJECT).defer(
        project_id=project.pk,
        state=str(project.state),
        before=str(before),
        at=clock.now().isoformat(),
    )


def project_moved(project: Project, state: str, before: str, at: str) -> int:
    told = [
        one
        for one in listeners(EventType.PROJECT_MOVED)
        if allowed(actor_of(one), "project.read", project)
    ]
    data = {
        "key": str(project.key),
        "reference": project.reference,
        "state": state,
        "before": before,
        "moved_at": at,
        "url": api_url(f"projects/{project.key}"),
    }
    return len(tell(told, EventType.PROJECT_MOVED, data))


def api_url(path: str) -> str:
    return f"{settings.SITE_URL}/{PREFIX}{path}"
