"""Taking, moving and freeing time in a space: the one write path.

Order of every write: lock the root space (so that rivals queue instead of deadlocking), clear the
holds whose time is over, write under the exclusion constraint, recompute the search index.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from preau.accounts.actors import Actor
from preau.accounts.models import Organization, User
from preau.availability.enums import OccupancyKind
from preau.availability.events import hold_lapsed, time_freed
from preau.availability.index import refresh
from preau.availability.models import Occupancy, OccupiedUnit
from preau.core import audit, clock, rows
from preau.core.errors import Refusal
from preau.core.timeranges import Period, is_on_quarter
from preau.core.transactions import joined
from preau.places.locks import lock_root, queue_for
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


@transaction.atomic
def occupy(
    space: Space,
    period: Period,
    use: Use,
    *,
    actor: Actor,
    quantity: int = 1,
) -> Occupancy:
    """Take a space for a period, or refuse.

    A closure is never refused: it takes what nobody has, and what they have once they give it back.

    Args:
        quantity: how many of a pool's identical units.

    Raises:
        SlotTaken: the time is not free.
        Refusal: not on quarter-hours.
    """
    clear_lapsed_holds(lock_root(space))
    return take(space, period, use, actor=actor, quantity=quantity)


def take(space: Space, period: Period, use: Use, *, actor: Actor, quantity: int = 1) -> Occupancy:
    """The same, for who has locked the hall and cleared its lapsed holds already.

    Call it inside an atomic verb, and let what it raises end that verb.
    """
    occupancy = _occupancy(space, period, use, quantity)
    rows.insert([occupancy])
    _write_units(occupancy)
    refresh(occupancy.root_id, [occupancy.busy_span])
    audit.record(actor, "occupancy.taken", occupancy, kind=use.kind)
    return occupancy


def _occupancy(space: Space, period: Period, use: Use, quantity: int = 1) -> Occupancy:
    return Occupancy(
        space=space,
        root_id=space.root_id_or_self,
        place_id=space.place_id,
        departement_code=space.place.departement_code,
        period=as_range(period),
        busy=as_range(_busy(space, period, use.kind)),
        quantity=quantity,
        created_at=clock.now(),
        **_use_fields(use),
    )


@transaction.atomic
def occupy_many(
    space: Space, wanted: Sequence[tuple[Period, Use]], *, actor: Actor, quantity: int = 1
) -> list[Occupancy]:
    """Take a space for many periods at once, all or nothing: imports, seasons, series.

    One lock, one statement a table, one refresh of the index, whatever the number.

    Raises:
        SlotTaken: one of the periods is not free, or two of them overlap.
    """
    root = lock_root(space)
    clear_lapsed_holds(root)
    if space.is_pool:  # each takes whichever unit is free
        return [take(space, period, use, actor=actor, quantity=quantity) for period, use in wanted]
    taken = [_occupancy(space, period, use) for period, use in wanted]
    Occupancy.objects.bulk_create(taken)
    if taken:
        _insert_whole(taken)
        refresh(root.pk, [one.busy_span for one in taken])
    audit.record(actor, "occupancy.many_taken", space, count=len(taken))
    return taken


@transaction.atomic
def release(occupancy: Occupancy, *, actor: Actor, reason: str = "") -> None:
    """Give the time back. Releasing twice is harmless."""
    release_many([occupancy], actor=actor, reason=reason)
    occupancy.refresh_from_db()


@joined
def release_many(occupancies: Sequence[Occupancy], *, actor: Actor, reason: str = "") -> None:
    """Give back many times at once, hall by hall. What is given back already stays so."""
    queue_for({occupancy.root_id for occupancy in occupancies})
    ids = [occupancy.pk for occupancy in occupancies]
    live = Occupancy.objects.filter(pk__in=ids, released_at=None).order_by("root", "id")
    for _, group in groupby(live, key=lambda one: one.root_id):
        hall = list(group)
        _free(hall)
        audit.record_each(actor, "occupancy.released", hall, reason=reason)


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
    before, busy = occupancy.busy_span, _busy(occupancy.space, period, occupancy.kind)
    _leave_units([occupancy])
    occupancy.period, occupancy.busy = as_range(period), as_range(busy)
    occupancy.save(update_fields=["period", "busy"])
    _write_units(occupancy)
    _extend_closures(root.pk, [before])
    refresh(root.pk, [before, busy])
    time_freed.send(sender=Occupancy, root_id=root.pk, periods=[before])
    audit.record(actor, "occupancy.moved", occupancy)


@transaction.atomic
def keep_also(occupancy: Occupancy, period: Period, *, actor: Actor) -> None:
    """Keep, beside its own time, another that it overlaps, until `move` chooses one of the two.

    Raises:
        SlotTaken: the new time is not free; nothing has changed.
    """
    root = lock_root(occupancy.space)
    occupancy.refresh_from_db()
    clear_lapsed_holds(root)
    wanted, own = _busy(occupancy.space, period, occupancy.kind), occupancy.busy_span
    both = Period(min(own.start, wanted.start), max(own.end, wanted.end))
    _leave_units([occupancy])
    occupancy.busy = as_range(both)
    occupancy.save(update_fields=["busy"])
    _write_units(occupancy)
    refresh(root.pk, [both])
    audit.record(actor, "occupancy.widened", occupancy)


def overlaps(occupancy: Occupancy, period: Period) -> bool:
    """Whether another period would take some of the time that the occupancy takes already."""
    wanted, own = _busy(occupancy.space, period, occupancy.kind), occupancy.busy_span
    return wanted.start < own.end and own.start < wanted.end


@joined
def settle(occupancies: Sequence[Occupancy], use: Use, *, actor: Actor) -> None:
    """Turn holds into the real thing: the time stays taken, the deadline goes. Call it with the
    halls locked.

    Raises:
        SlotTaken: one of them has lapsed meanwhile.
    """
    live = Occupancy.objects.filter(pk__in=[one.pk for one in occupancies], released_at=None)
    fields = _use_fields(use)
    if live.update(**fields) < len(occupancies):
        raise SlotTaken("Le délai est passé et ce créneau n’est plus retenu pour vous.")
    for occupancy in occupancies:
        for name, value in fields.items():
            setattr(occupancy, name, value)
    audit.record_each(actor, "occupancy.settled", occupancies)


def clear_lapsed_holds(root: Space) -> None:
    """Free the slots whose holding time is over. Call with the root locked."""
    lapsed = list(
        Occupancy.objects.filter(
            root=root, released_at=None, hold_until__isnull=False, hold_until__lte=clock.now()
        ).order_by("id")
    )
    if not lapsed:
        return
    _free(lapsed)
    for occupancy in lapsed:
        hold_lapsed.send(sender=Occupancy, occupancy=occupancy)


def _free(occupancies: Sequence[Occupancy]) -> None:
    """Give back the time of occupancies of one hall."""
    root_id, freed = occupancies[0].root_id, [one.busy_span for one in occupancies]
    _leave_units(occupancies)
    now = clock.now()
    Occupancy.objects.filter(pk__in=[one.pk for one in occupancies]).update(released_at=now)
    for occupancy in occupancies:
        occupancy.released_at = now
    _extend_closures(root_id, freed)
    refresh(root_id, freed)
    time_freed.send(sender=Occupancy, root_id=root_id, periods=freed)


def _extend_closures(root_id: int, freed: Iterable[Period]) -> None:
    """What stood inside a closure is gone: the closure takes its time."""
    # One probe of the index a period: thirty-six of them joined by OR were read for the whole
    # country at once, in ten seconds.
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT c.id FROM unnest(%(freed)s::tstzrange[]) AS f(busy)"
            " CROSS JOIN LATERAL (SELECT id FROM availability_occupancy AS o"
            " WHERE o.root_id = %(root)s::bigint AND o.busy && f.busy AND o.released_at IS NULL"
            " AND o.kind = %(kind)s OFFSET 0) AS c",
            {
                "freed": [as_range(one) for one in freed],
                "root": root_id,
                "kind": OccupancyKind.CLOSURE,
            },
        )
        found = [pk for (pk,) in cursor.fetchall()]
    if not found:
        return
    closures = Occupancy.objects.filter(pk__in=found)
    for closure in closures.select_related("space").order_by("id"):
        _leave_units([closure])
        _write_units(closure)


def _busy(space: Space, period: Period, kind: str) -> Period:
    """The time taken, with preparation and clean-up; a closure needs none.

    Raises:
        Refusal: not on quarter-hours.
    """
    if not (is_on_quarter(period.start) and is_on_quarter(period.end)):
        raise Refusal("Les horaires vont de quart d’heure en quart d’heure.", field="start")
    if kind == OccupancyKind.CLOSURE:
        return period
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


def _leave_units(occupancies: Iterable[Occupancy]) -> None:
    OccupiedUnit.objects.filter(occupancy__in=[one.pk for one in occupancies]).delete()


def _write_units(occupancy: Occupancy) -> None:
    """One row per unit and stretch. The constraint refuses what another transaction has taken."""
    space, busy = occupancy.space, occupancy.busy_span
    if occupancy.kind != OccupancyKind.CLOSURE and not space.is_pool:
        _insert_whole([occupancy])
        return
    units = list(space.space_units.order_by("unit_id").values_list("unit_id", flat=True))
    taken = _taken(units, busy)
    if occupancy.kind == OccupancyKind.CLOSURE:
        stretches = [(unit, rest) for unit in units for rest in busy.minus(taken.get(unit, []))]
    else:
        stretches = [(unit, busy) for unit in _some(units, taken, occupancy.quantity)]
    with _translated():
        OccupiedUnit.objects.bulk_create(
            OccupiedUnit(
                occupancy=occupancy,
                unit_id=unit,
                root_id=occupancy.root_id,
                departement_code=occupancy.departement_code,
                busy=as_range(stretch),
            )
            for unit, stretch in stretches
        )


def _insert_whole(occupancies: Sequence[Occupancy]) -> None:
    """Every unit of their space, for the whole of each time: one statement whatever the number."""
    with _translated(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO availability_occupiedunit"
            " (occupancy_id, unit_id, root_id, departement_code, busy)"
            " SELECT o.id, u.unit_id, %(root)s, %(departement)s, o.busy"
            " FROM unnest(%(ids)s::bigint[], %(busy)s::tstzrange[]) AS o(id, busy)"
            " CROSS JOIN places_spaceunit AS u WHERE u.space_id = %(space)s"
            " ORDER BY o.id, u.unit_id",
            {
                "root": occupancies[0].root_id,
                "departement": occupancies[0].departement_code,
                "space": occupancies[0].space_id,
                "ids": [one.pk for one in occupancies],
                "busy": [one.busy for one in occupancies],
            },
        )


@contextmanager
def _translated() -> Iterator[None]:
    """The constraint's refusal, in words."""
    try:
        yield
    except IntegrityError as error:
        if "one_occupancy_per_unit_at_a_time" not in str(error):
            raise
        raise SlotTaken from error


def _taken(units: list[int], busy: Period) -> dict[int, list[Period]]:
    """Unit → when somebody has it during that time."""
    found: dict[int, list[Period]] = {}
    live = OccupiedUnit.objects.filter(unit__one_of=units, busy__overlap=(busy.start, busy.end))
    for unit_id, span in live.values_list("unit_id", "busy"):
        found.setdefault(unit_id, []).append(Period(span.lower, span.upper))
    return found


def _some(units: list[int], taken: dict[int, list[Period]], quantity: int) -> list[int]:
    """As many free units of a pool as asked."""
    free = [unit for unit in units if unit not in taken]
    if len(free) < quantity:
        raise SlotTaken(
            "Il ne reste pas assez de postes libres à cette heure. "
            "Choisissez un autre créneau ou un nombre plus petit."
        )
    return free[:quantity]
