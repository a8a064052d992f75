"""Following an outside calendar: beginning, leaving it, in the place it takes time."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from procrastinate.contrib.django import app

from preau.accounts.actors import Actor
from preau.availability.actions.occupancies import release_many
from preau.calendars.enums import EventState
from preau.calendars.models import OutsideCalendar, OutsideEvent
from preau.core import audit, clock, sealed
from preau.core.errors import Refusal
from preau.integrations.ics import host_of
from preau.places.locks import lock_root
from preau.places.models import Space

PURPOSE = "calendars.address"
READ = "calendars.read_one"
#: How many a place may follow: each is read every hour.
MOST_OF_A_PLACE = 30
#: Letters of a server's name (RFC 1035, § 2.3.4).
LONGEST_HOST = 253


@transaction.atomic
def follow(space: Space, name: str, address: str, *, actor: Actor) -> OutsideCalendar:
    """Let an outside calendar take time in a space; it is read at once, by a task.

    Args:
        address: `https://…` or `webcal://…`.

    Raises:
        Refusal: an address that cannot be one, a place that follows too many.
    """
    followed = OutsideCalendar.objects.filter(place=space.place, stopped_at=None)
    lock_root(space)
    if followed.count() >= MOST_OF_A_PLACE:
        raise Refusal(
            f"Ce lieu suit déjà {MOST_OF_A_PLACE} agendas : arrêtez-en un d’abord.", code="many"
        )
    url = _checked(address)
    made = OutsideCalendar.objects.create(
        place=space.place,
        space=space,
        name=name,
        address=sealed.seal(url, purpose=PURPOSE),
        host=host_of(url),
        created_by=actor.user,
    )
    audit.record(actor, "calendars.followed", made, host=made.host)
    ask_reading(made)
    return made


def ask_reading(calendar: OutsideCalendar, *, accept_loss: bool = False) -> None:
    app.configure_task(READ).defer(calendar_id=calendar.pk, accept_loss=accept_loss)


def address_of(calendar: OutsideCalendar) -> str:
    return sealed.unseal(calendar.address, purpose=PURPOSE)


@transaction.atomic
def stop(calendar: OutsideCalendar, *, free: bool, actor: Actor) -> None:
    """Follow it no longer. Stopping twice is harmless.

    Args:
        free: give its coming times back; else they stay, as the place's own use.
    """
    lock_root(calendar.space)
    calendar = OutsideCalendar.objects.select_for_update().get(pk=calendar.pk)
    if calendar.stopped_at is not None:
        return
    coming = OutsideEvent.objects.filter(
        calendar=calendar, state=EventState.PLACED, period__endswith__gt=clock.now()
    )
    if free:
        release_many(
            [one.occupancy for one in coming.select_related("occupancy") if one.occupancy],
            actor=actor,
            reason=f"agenda {calendar.name} arrêté",
        )
    calendar.stopped_at = clock.now()
    calendar.address = ""
    calendar.save(update_fields=["stopped_at", "address"])
    calendar.events.all().delete()
    audit.record(actor, "calendars.stopped", calendar, freed=free)


def _checked(address: str) -> str:
    """The address to read, `https` unless this site may read its own neighbours (a trial)."""
    scheme, mark, rest = address.strip().partition("://")
    scheme = {"webcal": "https", "webcals": "https"}.get(scheme.lower(), scheme.lower())
    allowed = {"https"} if settings.CALLS_PUBLIC_ONLY else {"https", "http"}
    url = f"{scheme}://{rest}"
    try:
        host = host_of(url) if mark else ""
    except ValueError:
        host = ""
    if scheme not in allowed or not 0 < len(host) <= LONGEST_HOST or "@" in rest.partition("/")[0]:
        raise Refusal(
            "Collez l’adresse de l’agenda telle que votre service la donne : elle commence par "
            "https:// ou webcal:// et finit souvent par .ics.",
            field="address",
            code="address",
        )
    return url
