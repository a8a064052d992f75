"""After it is published: it holds until a day, and readers say when it no longer does."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction

from preau.accounts.actors import SYSTEM, Actor
from preau.accounts.perms import allowed
from preau.core import audit, clock
from preau.core.errors import Forbidden, Refusal
from preau.core.formats import day
from preau.notifications.actions import notify
from preau.resources import enums, history, people, perms
from preau.resources.actions.reviewing import page_of
from preau.resources.actions.saving import go, locked, save
from preau.resources.days import today
from preau.resources.enums import EntryKind, ResourceState
from preau.resources.models import Resource, Signal
from preau.resources.topics import MINE

#: How long before its end the keepers of a record are told.
WARNING = timedelta(days=30)
#: The furthest end: nobody promises what holds in three years.
LONGEST = timedelta(days=3 * 366)
#: Open remarks on one record: beyond, its keepers know.
MOST_SIGNALS = 20


@transaction.atomic
def renew(resource: Resource, until: date, *, actor: Actor) -> Resource:
    """Say that a record still holds, until a new day; an expired one is shown again.

    Raises:
        Refusal: the day is past, or too far.
    """
    perms.require(actor, "resource.write", resource)
    this_day = today()
    if not this_day < until <= this_day + LONGEST:
        raise Refusal(
            "Choisissez une date à venir, dans les trois ans au plus.", field="expires_on"
        )
    resource = locked(resource)
    if resource.state == ResourceState.EXPIRED:
        go(resource, ResourceState.PUBLISHED)
    elif resource.state != ResourceState.PUBLISHED:
        raise Refusal("Seule une fiche publiée ou périmée se prolonge.", code="state")
    resource.expires_on, resource.verified_on = until, this_day
    save(resource)
    history.record(actor, EntryKind.RENEWED, resource, changed=["expires_on"])
    return resource


@transaction.atomic
def expire(resource: Resource, *, on: date) -> bool:
    """Stop showing a record whose end is past; False when there was nothing to do."""
    resource = locked(resource)
    if resource.state != ResourceState.PUBLISHED or not resource.expires_on:
        return False
    if resource.expires_on >= on:
        return False
    go(resource, ResourceState.EXPIRED)
    save(resource)
    history.record(SYSTEM, EntryKind.EXPIRED, resource)
    if not resource.is_mirrored:
        notify(
            people.keepers_and_author(resource),
            topic=MINE.key,
            title=f"Votre fiche est périmée : {resource.title}",
            body="Elle n’est plus proposée. Prolongez-la si elle est toujours juste.",
            cause=f"resources:{resource.pk}:expired:{resource.expires_on}",
            url=page_of(resource),
        )
    return True


def warn(resource: Resource) -> bool:
    """Tell the keepers of a record that its end is near; once for one end."""
    if resource.expires_on is None or resource.is_mirrored:
        return False
    told = notify(
        people.keepers_and_author(resource),
        topic=MINE.key,
        title=f"Votre fiche sera périmée le {day(resource.expires_on)} : {resource.title}",
        body="Relisez-la : prolongez-la si elle est toujours juste, sinon reprenez-la.",
        cause=f"resources:{resource.pk}:expires:{resource.expires_on}",
        url=page_of(resource),
    )
    return bool(told)


@transaction.atomic
def signal(resource: Resource, reason: enums.Signal, message: str = "", *, actor: Actor) -> Signal:
    """Note what a reader says is wrong, and tell the keepers of the record.

    Raises:
        Refusal: it is signalled enough already.
    """
    resource = locked(resource)
    if resource.signals.filter(closed_at=None).count() >= MOST_SIGNALS:
        raise Refusal(
            "Cette fiche a déjà été signalée plusieurs fois : elle va être revue. Merci.",
            code="enough",
        )
    row = Signal.objects.create(
        resource=resource, reason=reason, message=message.strip()[:1000], user=actor.user
    )
    audit.record(actor, "resource.signal", resource, kind=row.reason)
    notify(
        people.keepers_and_author(resource),
        topic=MINE.key,
        title=f"Un lecteur signale une fiche : {resource.title}",
        body=f"{row.get_reason_display()}. {row.message}".strip(),
        cause=f"resources.signal:{row.pk}",
        url=page_of(resource),
    )
    return row


@transaction.atomic
def close_signal(row: Signal, answer: str = "", *, actor: Actor) -> Signal:
    """Note that a remark was dealt with. Twice changes nothing."""
    if not allowed(actor, "resource.write", row.resource):
        raise Forbidden
    Signal.objects.filter(pk=row.pk, closed_at=None).update(
        closed_at=clock.now(), closed_by=actor.person
    )
    row.refresh_from_db()
    if answer.strip():
        row.answer = answer.strip()[:500]
        row.save(update_fields=["answer"])
    audit.record(actor, "resource.signal_close", row.resource, signal=row.pk)
    return row
