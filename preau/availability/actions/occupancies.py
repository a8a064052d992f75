"""Taking, moving and freeing time in a space: the one write path.

Order of every write: lock the root space (so that rivals queue instead of deadlocking), clear the
holds whose time is over, write under the exclusion constraint, recompute the search index.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from preau.accounts.actors import Actor
from preau.accounts.models import Organization, User
from preau.availability.enums import OccupancyKind
from preau.availability.events import hold_lapsed
from preau.availability.index import refresh
from preau.availability.models import Occupancy, OccupiedUnit
from preau.core import audit, clock
from preau.core.errors import Refusal
from preau.core.timeranges import Period, is_on_quarter
from preau.places.models import Space


class SlotTaken(Refusal):
    """Somebody else has the slot, or part of it."""

    def __init__(self, sentence: str = "") -> None:
        super().__init__(
            sentence or "Ce créneau vient d’être pris. Choisissez-en un autre parmi ceux proposés.",
            code="slot_taken",
        )


@dataclass(frozen=True)
class Use:
    """What an occupancy is for and whom to call about it."""

    kind: OccupancyKind
    label: str
    holder_user: User | None = None
    holder_organization: Organization | None = None
    contact_name: str = ""
    contact_phone: str = ""
    hold_until: datetime | None = None


def as_range(period: Period) -> DateTimeTZRange:
    return DateTimeTZRange(period.start, period.end, "[)")


def lock_root(space: Space) -> Space:
    """Take the queue of a hall: until the transaction ends nobody else writes its occupancies."""
    return Space.objects.select_for_update(of=("self",), no_key=True).get(pk=space.root_id_or_self)


@transaction.atomic
def occupy(
    space: Space,
    period: Period,
    use: Use,
    *,
    actor: Actor,
    quantity: int = 1,
    around: Iterable[Occupancy] = (),
) -> Occupancy:
    """Take a space for a period, or refuse.

    Args:
        quantity: how many of a pool's identical units.
        around: occupancies to leave in place; the time taken is the rest (a closure that keeps
            some bookings). Only for uses that need no buffer and every unit.

    Raises:
        SlotTaken: the time is not free.
        Refusal: not on quarter-hours.
    """
    if not (is_on_quarter(period.start) and is_on_quarter(period.end)):
        raise Refusal("Les horaires vont de quart d’heure en quart d’heure.", field="start")
    root = lock_root(space)
    clear_lapsed_holds(root)
    busy = period if use.kind == OccupancyKind.CLOSURE else _busy(space, period)
    occupancy = Occupancy.objects.create(
        space=space,
        root=root,
        place_id=space.place_id,
        departement_code=space.place.departement_code,
        period=as_range(period),
        busy=as_range(busy),
        quantity=quantity,
        created_at=clock.now(),
        **_use_fields(use),
    )
    _write_units(occupancy, space, busy, list(around))
    refresh(root.pk, [busy])
    audit.record(actor, "occupancy.taken", occupancy, kind=use.kind)
    return occupancy


@transaction.atomic
def occupy_many(
    space: Space, wanted: Sequence[tuple[Period, Use]], *, actor: Actor
) -> list[Occupancy]:
    """Take a space for many periods at once, all or nothing: imports and seasons.

    One lock, one statement a table, one refresh of the index, whatever the number.

    Raises:
        SlotTaken: one of the periods is not free, or two of them overlap.
    """
    root = lock_root(space)
    if space.is_pool:  # each takes whichever unit is free
        return [occupy(space, period, use, actor=actor) for period, use in wanted]
    clear_lapsed_holds(root)
    rows = [
        Occupancy(
            space=space,
            root=root,
            place_id=space.place_id,
            departement_code=space.place.departement_code,
            period=as_range(period),
            busy=as_range(_busy(space, period)),
            created_at=clock.now(),
            **_use_fields(use),
        )
        for period, use in wanted
    ]
    Occupancy.objects.bulk_create(rows)
    units = list(space.space_units.order_by("unit_id").values_list("unit_id", flat=True))
    _insert_units(_unit_row(row, unit, row.busy_span) for row in rows for unit in units)
    refresh(root.pk, [row.busy_span for row in rows])
    audit.record(actor, "occupancy.many_taken", space, count=len(rows))
    return rows


@transaction.atomic
def release(occupancy: Occupancy, *, actor: Actor, reason: str = "") -> None:
    """Give the time back. Releasing twice is harmless."""
    lock_root(occupancy.space)
    occupancy.refresh_from_db()
    if occupancy.released_at is not None:
        return
    OccupiedUnit.objects.filter(occupancy=occupancy).delete()
    occupancy.released_at = clock.now()
    occupancy.save(update_fields=["released_at"])
    refresh(occupancy.root_id, [occupancy.busy_span])
    audit.record(actor, "occupancy.released", occupancy, reason=reason)


@transaction.atomic
def move(occupancy: Occupancy, period: Period, *, actor: Actor) -> None:
    """Shift an occupancy to another period of the same space, keeping its place if that fails.

    Raises:
        SlotTaken: the new time is not free; nothing has changed.
    """
    root = lock_root(occupancy.space)
    occupancy.refresh_from_db()
    if occupancy.released_at is not None:
        raise Refusal("Cette occupation est déjà terminée.", code="gone")
    clear_lapsed_holds(root)
    before, busy = occupancy.busy_span, _busy(occupancy.space, period)
    OccupiedUnit.objects.filter(occupancy=occupancy).delete()
    occupancy.period, occupancy.busy = as_range(period), as_range(busy)
    occupancy.save(update_fields=["period", "busy"])
    _write_units(occupancy, occupancy.space, busy, [])
    refresh(root.pk, [before, busy])
    audit.record(actor, "occupancy.moved", occupancy)


@transaction.atomic
def settle(occupancy: Occupancy, use: Use, *, actor: Actor) -> None:
    """Turn a hold into the real thing: the time stays taken, the deadline goes.

    Raises:
        SlotTaken: the hold has lapsed meanwhile.
    """
    lock_root(occupancy.space)
    occupancy.refresh_from_db()
    if occupancy.released_at is not None:
        raise SlotTaken("Le délai est passé et ce créneau n’est plus retenu pour vous.")
    for name, value in _use_fields(use).items():
        setattr(occupancy, name, value)
    occupancy.save()
    audit.record(actor, "occupancy.settled", occupancy)


def clear_lapsed_holds(root: Space) -> None:
    """Free the slots whose holding time is over. Call with the root locked."""
    lapsed = list(
        Occupancy.objects.filter(
            root=root, released_at=None, hold_until__isnull=False, hold_until__lte=clock.now()
        ).order_by("id")
    )
    if not lapsed:
        return
    OccupiedUnit.objects.filter(occupancy__in=lapsed).delete()
    Occupancy.objects.filter(pk__in=[o.pk for o in lapsed]).update(released_at=clock.now())
    refresh(root.pk, [o.busy_span for o in lapsed])
    for occupancy in lapsed:
        hold_lapsed.send(sender=Occupancy, occupancy=occupancy)


def _busy(space: Space, period: Period) -> Period:
    return period.widened(space.before, space.after)


def _use_fields(use: Use) -> dict[str, Any]:
    return {
        "kind": use.kind,
        "label": use.label,
        "holder_user": use.holder_user,
        "holder_organization": use.holder_organization,
        "contact_name": use.contact_name,
        "contact_phone": use.contact_phone,
        "hold_until": use.hold_until,
    }


def _write_units(occupancy: Occupancy, space: Space, busy: Period, around: list[Occupancy]) -> None:
    """One row per unit and stretch. The constraint refuses what another transaction has taken."""
    _insert_units(
        _unit_row(occupancy, unit_id, stretch)
        for unit_id in _units(space, busy, occupancy)
        for stretch in busy.minus([o.busy_span for o in around if _shares(o, unit_id)])
    )


def _unit_row(occupancy: Occupancy, unit_id: int, stretch: Period) -> OccupiedUnit:
    return OccupiedUnit(
        occupancy=occupancy,
        unit_id=unit_id,
        root_id=occupancy.root_id,
        departement_code=occupancy.departement_code,
        busy=as_range(stretch),
    )


def _insert_units(rows: Iterable[OccupiedUnit]) -> None:
    try:
        with transaction.atomic():
            OccupiedUnit.objects.bulk_create(rows)
    except IntegrityError as error:
        if "one_occupancy_per_unit_at_a_time" not in str(error):
            raise
        raise SlotTaken from error


def _shares(occupancy: Occupancy, unit_id: int) -> bool:
    return any(row.unit_id == unit_id for row in occupancy.units.all())


def _units(space: Space, busy: Period, occupancy: Occupancy) -> list[int]:
    """The units to take: all of the space's, or as many free ones of a pool as asked."""
    units = list(space.space_units.order_by("unit_id").values_list("unit_id", flat=True))
    if not space.is_pool or occupancy.kind == OccupancyKind.CLOSURE:
        return units
    taken = set(
        OccupiedUnit.objects.filter(
            unit_id__in=units, busy__overlap=(busy.start, busy.end)
        ).values_list("unit_id", flat=True)
    )
    free = [unit for unit in units if unit not in taken]
    if len(free) < occupancy.quantity:
        raise SlotTaken(
            "Il ne reste pas assez de postes libres à cette heure. "
            "Choisissez un autre créneau ou un nombre plus petit."
        )
    return free[: occupancy.quantity]
