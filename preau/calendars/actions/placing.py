"""Bringing the planning in step with an outside calendar.

Its own events never stand in each other's way: those that overlap, set-up time included, take the
space once, from the first to the last. What others have is never touched.
"""

from __future__ import annotations

import contextlib
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from preau.accounts.actors import SYSTEM
from preau.availability.actions.occupancies import (
    SlotTaken,
    Use,
    as_range,
    clear_lapsed_holds,
    occupy,
    occupy_many,
    release_many,
)
from preau.availability.enums import OccupancyKind
from preau.availability.models import Occupancy, OccupiedUnit
from preau.calendars.enums import EventState
from preau.calendars.models import OutsideCalendar, OutsideEvent
from preau.calendars.telling import tell_conflicts
from preau.core import audit, clock
from preau.core.timeranges import Period
from preau.places.locks import lock_root
from preau.places.models import Space

#: From so many coming times on, losing more than half at once is asked about first.
FEW = 4
#: Letters of what an occupancy is called.
LONGEST_LABEL = 160


@dataclass(frozen=True, slots=True)
class Wanted:
    """One time that the outside calendar says is taken."""

    period: Period
    label: str


class Overtaken(Exception):
    """Another reading ended since this one began: its version may be the later one."""


@transaction.atomic
def place(calendar: OutsideCalendar, wanted: dict[str, Wanted], *, accept_loss: bool) -> bool:
    """Bring the planning in step with what is wanted. How it went is noted in this transaction.

    Args:
        calendar: as it was when its server was asked.

    Returns:
        False when most of what was placed is gone: nothing is changed before somebody looks.

    Raises:
        Overtaken: read by another since then.
    """
    began = calendar.tried_at
    clear_lapsed_holds(lock_root(calendar.space))
    calendar = OutsideCalendar.objects.select_for_update().get(pk=calendar.pk)
    if calendar.tried_at != began:
        raise Overtaken
    if calendar.stopped_at is not None:
        return True
    now = clock.now()
    rows = list(calendar.events.select_related("occupancy"))
    coming = [row for row in rows if row.period.upper > now]
    gone = [row for row in coming if row.key not in wanted]
    if len(coming) >= FEW and len(gone) * 2 > len(coming) and not accept_loss:
        return False
    kept, free = _settled(calendar, wanted, coming)
    stays = {row.key for row in kept}
    new = {key: one for key, one in wanted.items() if key not in stays}
    since = {row.key: row.since for row in coming if row.state == EventState.CONFLICT}
    calendar.events.exclude(pk__in=[row.pk for row in kept]).delete()
    _take(calendar, new, free, since)
    return True


def _settled(
    calendar: OutsideCalendar, wanted: dict[str, Wanted], coming: list[OutsideEvent]
) -> tuple[list[OutsideEvent], list[str]]:
    """What stays as it is, and which of the rest nobody stands in the way of.

    What changed is given back; so is what a new event overlaps, to be taken again together.
    """
    loose = {row.pk for row in coming if not _is_as_wanted(row, wanted)}
    while True:
        mixed = {held for row in coming if row.pk in loose and (held := _held(row))}
        leaving = [row for row in coming if row.pk in loose or _held(row) in mixed]
        _give_back(leaving, calendar)
        out = {row.pk for row in leaving}
        kept = [row for row in coming if row.pk not in out]
        stays = {row.key for row in kept}
        busy = {key: _busy(calendar, wanted[key]) for key in wanted if key not in stays}
        free = _free(calendar.space, busy, kept)
        taken = [span for span, _ in _joined((busy[key], key) for key in free)]
        hit = {row.pk for row in kept if (span := _span(row)) and not _is_clear(span, taken)}
        if not hit or calendar.space.is_pool:  # there, each takes a unit of its own
            return kept, free
        loose = out | hit


def _is_as_wanted(row: OutsideEvent, wanted: dict[str, Wanted]) -> bool:
    one = wanted.get(row.key)
    return (
        one is not None
        and row.state == EventState.PLACED
        and (row.span, row.label) == (one.period, one.label)
    )


def _held(row: OutsideEvent) -> int | None:
    """The occupancy that it has; not one that a manager gave back: that time stays free."""
    held = row.occupancy
    return held.pk if held is not None and held.released_at is None else None


def _span(row: OutsideEvent) -> Period | None:
    return row.occupancy.busy_span if row.occupancy and _held(row) else None


def _busy(calendar: OutsideCalendar, one: Wanted) -> Period:
    return one.period.widened(calendar.space.before, calendar.space.after)


def _give_back(rows: Iterable[OutsideEvent], calendar: OutsideCalendar) -> None:
    held = [row.occupancy for row in rows if row.occupancy is not None]
    release_many(held, actor=SYSTEM, reason=f"retiré de l’agenda {calendar.name}")


def _free(space: Space, busy: Mapping[str, Period], kept: Iterable[OutsideEvent]) -> list[str]:
    """Those that stand on nobody else's time; of a pool, which has many units, all may."""
    if not busy or space.is_pool:
        return list(busy)
    units = list(space.space_units.values_list("unit_id", flat=True))
    around = (min(one.start for one in busy.values()), max(one.end for one in busy.values()))
    found = OccupiedUnit.objects.filter(unit__one_of=units, busy__overlap=around)
    others = found.exclude(occupancy__in={held for row in kept if (held := _held(row))})
    spans = others.values_list("busy", flat=True)
    standing = [span for span, _ in _joined((Period(one.lower, one.upper), "") for one in spans)]
    return [key for key, span in busy.items() if _is_clear(span, standing)]


def _joined(spans: Iterable[tuple[Period, str]]) -> list[tuple[Period, list[str]]]:
    """The same time without overlap, in order; each stretch with the keys of what makes it."""
    found: list[tuple[Period, list[str]]] = []
    for span, key in sorted(spans):
        if found and span.start < found[-1][0].end:
            before, keys = found.pop()
            found.append((Period(before.start, max(before.end, span.end)), [*keys, key]))
        else:
            found.append((span, [key]))
    return found


def _is_clear(span: Period, taken: Sequence[Period]) -> bool:
    """Whether it overlaps none of these, which are in order and apart."""
    at = bisect_right(taken, span.start, key=lambda one: one.end)
    return at == len(taken) or taken[at].start >= span.end


def _take(
    calendar: OutsideCalendar,
    new: dict[str, Wanted],
    free: Iterable[str],
    since: dict[str, datetime],
) -> None:
    """Take the time of those that are free, and list the others."""
    taken = _taken(calendar, new, free)
    now = clock.now()
    OutsideEvent.objects.bulk_create(
        OutsideEvent(
            calendar=calendar,
            key=key,
            label=one.label,
            period=as_range(one.period),
            occupancy=taken.get(key),
            state=EventState.PLACED if key in taken else EventState.CONFLICT,
            since=since.get(key, now),
        )
        for key, one in new.items()
    )
    fresh = [key for key in new if key not in taken and key not in since]
    if fresh:
        tell_conflicts(calendar, [new[key].period for key in fresh])
    audit.record(SYSTEM, "calendars.placed", calendar, taken=len(taken), conflicts=len(fresh))


def _taken(
    calendar: OutsideCalendar, new: dict[str, Wanted], free: Iterable[str]
) -> dict[str, Occupancy]:
    """Key → its occupancy: one for those that overlap, one each in a pool while units are left."""
    space = calendar.space
    if space.is_pool:
        return _one_by_one(calendar, {key: new[key] for key in free})
    stretches = _joined((_busy(calendar, new[key]), key) for key in free)
    uses = [
        (busy.widened(-space.before, -space.after), _use(calendar, [new[key] for key in keys]))
        for busy, keys in stretches
    ]
    made = occupy_many(space, uses, actor=SYSTEM)
    together = zip(stretches, made, strict=True)
    return {key: occupancy for (_, keys), occupancy in together for key in keys}


def _one_by_one(calendar: OutsideCalendar, new: dict[str, Wanted]) -> dict[str, Occupancy]:
    taken: dict[str, Occupancy] = {}
    for key, one in sorted(new.items(), key=lambda item: (item[1].period, item[0])):
        with contextlib.suppress(SlotTaken), transaction.atomic():
            use = _use(calendar, [one])
            taken[key] = occupy(calendar.space, one.period, use, actor=SYSTEM)
    return taken


def _use(calendar: OutsideCalendar, together: Iterable[Wanted]) -> Use:
    label = ", ".join(dict.fromkeys(one.label for one in together if one.label))
    return Use(
        OccupancyKind.OWN_USE,
        label=label[:LONGEST_LABEL] or calendar.name,
        holder_organization=calendar.place.owner,
    )
