"""Noting what changed at a place, and the emission factor in force."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db import IntegrityError, transaction

from preau.accounts.actors import Actor
from preau.accounts.perms import allowed
from preau.capacity.models import EmissionFactor, PlannedChange
from preau.core import audit, clock
from preau.core.errors import Forbidden, Refusal
from preau.places.models import Place


@transaction.atomic
def follow_change(place: Place, *, label: str, day: date, actor: Actor) -> PlannedChange:
    """Compare the occupancy of the place before and after that day.

    Raises:
        Forbidden: they do not run the place.
        Refusal: noted already, or too far ahead.
    """
    if not allowed(actor, "capacity.follow_change", place):
        raise Forbidden
    if day > clock.today(place.zone):
        raise Refusal(
            "Notez le changement une fois qu’il a eu lieu : choisissez aujourd’hui ou avant.",
            field="day",
        )
    try:
        with transaction.atomic():
            change = PlannedChange.objects.create(
                place=place, label=label.strip(), day=day, created_by=actor.user
            )
    except IntegrityError as error:
        raise Refusal("Ce changement est déjà noté à cette date.", field="label") from error
    audit.record(actor, "capacity.change_followed", place, label=label, day=day.isoformat())
    return change


@transaction.atomic
def forget_change(change: PlannedChange, *, actor: Actor) -> None:
    if not allowed(actor, "capacity.follow_change", change):
        raise Forbidden
    audit.record(actor, "capacity.change_forgotten", change.place, label=change.label)
    change.delete()


@transaction.atomic
def set_factor(*, grams_per_km: Decimal, since: date, source: str, actor: Actor) -> EmissionFactor:
    """Another factor from that day on; those before stay in force until then.

    Raises:
        Forbidden: only the operator of the platform.
    """
    if not allowed(actor, "capacity.set_factor"):
        raise Forbidden
    factor, _ = EmissionFactor.objects.update_or_create(
        since=since,
        defaults={
            "grams_per_km": grams_per_km,
            "source": source.strip(),
            "entered_by": actor.user,
            "entered_at": clock.now(),
        },
    )
    audit.record(actor, "capacity.factor_set", factor, grams=str(grams_per_km), source=source)
    return factor
