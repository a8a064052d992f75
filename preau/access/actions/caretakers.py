"""Codes of those who look after a place: dated, or until taken back."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from preau.access import queries
from preau.access.actions import lifecycle
from preau.access.actions.reconciling import STANDING
from preau.access.drivers.traits import traits_of
from preau.access.entitlements import Entitlement
from preau.access.enums import LIVE
from preau.access.models import AccessGrant, Door
from preau.accounts.actors import Actor
from preau.accounts.models import User
from preau.accounts.perms import allowed
from preau.core import audit, clock
from preau.core.errors import Forbidden, Refusal
from preau.core.timeranges import Period
from preau.integrations.locks import WindowRefused


@transaction.atomic
def give(*, actor: Actor, door: Door, user: User, period: Period | None) -> AccessGrant:
    """A code for somebody who looks after the place. Without a period: from now, until taken back.

    Raises:
        Refusal: they do not look after it, have one already, or the lock cannot.
    """
    if not allowed(actor, "access.edit", door):
        raise Forbidden
    if not queries.caretakers_of(door.place).filter(pk=user.pk).exists():
        raise Refusal("Cette personne n’a pas de rôle dans ce lieu.", field="person")
    start, end = _span(door, period)
    entitlement = Entitlement(user.pk, None, "Code de service")
    try:
        with transaction.atomic():
            grant = lifecycle.create(door, None, entitlement, window=(start, end))
    except IntegrityError as error:
        raise Refusal(
            "Cette personne a déjà un code de cette porte.", field="person", code="already"
        ) from error
    if period is None:
        grant.is_standing = True
        grant.save(update_fields=["is_standing"])
    audit.record(actor, "access.caretaker_given", grant, user=user.pk, door=door.pk)
    return grant


def _span(door: Door, period: Period | None) -> tuple[datetime, datetime]:
    can, zone, now = traits_of(door).capabilities, door.place.zone, clock.now()
    if period is None and not can.movable:
        raise Refusal(
            "Cette serrure ne sait pas donner un code sans fin : choisissez des dates.",
            field="last_day",
        )
    minute = now.replace(second=0, microsecond=0)
    start, end = (minute, minute + STANDING) if period is None else (period.start, period.end)
    if end <= now + timedelta(minutes=1):
        raise Refusal("Ces dates sont passées.", field="last_day")
    try:
        return can.window(start.astimezone(zone), end.astimezone(zone))
    except WindowRefused:
        raise Refusal(
            "Cette durée est plus longue que ce que la serrure accepte.", field="last_day"
        ) from None


@transaction.atomic
def take_back(*, actor: Actor, grant: AccessGrant) -> AccessGrant:
    """Doing it twice is doing it once."""
    if not allowed(actor, "access.edit", grant):
        raise Forbidden
    rows = AccessGrant.objects.select_for_update(of=("self",), no_key=True)
    live = rows.select_related("door__place__owner", "holder_user", "holder_organization")
    found = live.filter(pk=grant.pk, occupancy=None, state__in=LIVE).first()
    if found is None:
        return grant
    lifecycle.cancel(found)
    audit.record(actor, "access.caretaker_taken_back", found)
    return found
