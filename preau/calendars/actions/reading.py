"""Reading an outside calendar: what is new takes time, what is gone gives it back, no more."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F

from preau.accounts.actors import SYSTEM
from preau.availability.actions.occupancies import (
    SlotTaken,
    Use,
    as_range,
    occupy,
    occupy_many,
    release_many,
)
from preau.availability.enums import OccupancyKind
from preau.availability.models import Occupancy
from preau.calendars.actions.following import address_of
from preau.calendars.enums import EventState, Problem
from preau.calendars.models import OutsideCalendar, OutsideEvent
from preau.calendars.telling import tell_conflicts, tell_problem
from preau.core import audit, clock
from preau.core.errors import Refusal
from preau.core.tables.cells import Unreadable
from preau.core.timeranges import Period
from preau.desk.reading.found import MOST_LINES, key_of, widened
from preau.desk.reading.ics import Occurrence, occurrences
from preau.integrations import ics
from preau.integrations.http import Rejected, Unauthorized, Unavailable
from preau.outside.calls import NotAsked, calling
from preau.places.locks import lock_root

#: How far ahead its times are placed; the rest comes as the days pass.
HORIZON = timedelta(days=400)
#: What lasts longer is taken so far: an end in the year 9999 is no end.
LONGEST = timedelta(days=800)
#: Even unchanged, read whole again after that long: the horizon has moved.
WHOLE_EVERY = timedelta(days=1)
#: From so many coming times on, losing more than half at once is asked about first.
FEW = 4
#: A server away for that long is told to the managers.
PATIENCE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Wanted:
    """One time that the outside calendar says is taken."""

    period: Period
    label: str


class _Trouble(Exception):
    """It could not be read: why, in the words of the managers' page."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem


def read(calendar_id: int, *, accept_loss: bool = False) -> None:
    """Fetch the calendar and bring the planning in step. Any number of times does the same.

    Args:
        accept_loss: give back even when most of it is gone: somebody has looked.
    """
    calendar = OutsideCalendar.objects.select_related("place").get(pk=calendar_id)
    if calendar.stopped_at is not None:
        return
    whole = accept_loss or _is_to_read_whole(calendar)
    try:
        seen = _brought_in(calendar, _fetched(calendar, whole), whole, accept_loss)
    except NotAsked:
        return
    except _Trouble as trouble:
        _note(calendar, trouble.problem)
    else:
        _note(calendar, **seen)


def _is_to_read_whole(calendar: OutsideCalendar) -> bool:
    """Even unchanged: the horizon has moved, or what stood in the way of an event may be gone."""
    placed = calendar.placed_at
    if placed is None or clock.now() - placed >= WHOLE_EVERY:
        return True
    waiting = calendar.events.filter(state=EventState.CONFLICT, period__endswith__gt=clock.now())
    return waiting.exists()


def _fetched(calendar: OutsideCalendar, whole: bool) -> ics.Feed:
    try:
        with calling("ics", str(calendar.key)):
            return ics.fetch(
                address_of(calendar),
                etag="" if whole else calendar.etag,
                modified="" if whole else calendar.modified,
                only_public=settings.CALLS_PUBLIC_ONLY,
            )
    except NotAsked:
        raise
    except Unauthorized:
        raise _Trouble(Problem.REFUSED) from None
    except ics.NoCalendar:
        raise _Trouble(Problem.UNREADABLE) from None
    except Unavailable:
        raise _Trouble(Problem.AWAY) from None
    except Rejected as error:
        gone = error.status in {404, 410}
        raise _Trouble(Problem.GONE if gone else Problem.REFUSED) from None


def _brought_in(
    calendar: OutsideCalendar, feed: ics.Feed, whole: bool, accept_loss: bool
) -> dict[str, Any]:
    """What to remember of this version, once the planning is in step with it."""
    if feed.text is None:
        return {}
    seen: dict[str, Any] = {"etag": feed.etag[:200], "modified": feed.modified[:60]}
    digest = hashlib.sha256(feed.text.encode()).hexdigest()
    if digest == calendar.digest and not whole:
        return seen
    try:
        ahead = Period(clock.now(), clock.now() + HORIZON)
        wanted = _wanted(occurrences(feed.text, calendar.place, within=ahead))
    except Refusal:
        raise _Trouble(Problem.UNREADABLE) from None
    if not place(calendar, wanted, accept_loss=accept_loss):
        raise _Trouble(Problem.EMPTIED)
    return seen | {"digest": digest, "placed_at": clock.now()}


def _wanted(found: Sequence[Occurrence]) -> dict[str, Wanted]:
    """Its coming times by key; of two that begin together under one name, the longer."""
    if len(found) > MOST_LINES:  # the rest was not even looked at
        raise _Trouble(Problem.TOO_LONG)
    wanted: dict[str, Wanted] = {}
    now = clock.now()
    for one in found:
        if not one.takes_time or one.start is None or one.end is None:
            continue
        if one.start > now + HORIZON:
            continue
        try:
            period = widened(one.start, min(one.end, one.start + LONGEST))
        except Unreadable:  # of no length
            continue
        key = key_of(one.uid, period.start)
        longer = key not in wanted or wanted[key].period.end < period.end
        if period.end > now and longer:
            wanted[key] = Wanted(period, one.summary[:160])
    return wanted


@transaction.atomic
def place(calendar: OutsideCalendar, wanted: dict[str, Wanted], *, accept_loss: bool) -> bool:
    """Bring the planning in step with what is wanted.

    Returns:
        False when most of what was placed is gone: nothing is changed before somebody looks.
    """
    lock_root(calendar.space)
    calendar = OutsideCalendar.objects.select_for_update().get(pk=calendar.pk)
    if calendar.stopped_at is not None:
        return True
    now = clock.now()
    rows = list(calendar.events.select_related("occupancy"))
    over = [row for row in rows if row.period.upper <= now]
    coming = [row for row in rows if row.period.upper > now]
    gone = [row for row in coming if row.key not in wanted]
    if len(coming) >= FEW and len(gone) * 2 > len(coming) and not accept_loss:
        return False
    changed = [row for row in coming if row.key in wanted and _differs(row, wanted[row.key])]
    waiting = [row for row in coming if row.key in wanted and row.state == EventState.CONFLICT]
    _give_back([*gone, *changed], calendar)
    leaving = {row.pk for row in (*over, *gone, *changed, *waiting)}
    OutsideEvent.objects.filter(pk__in=leaving).delete()
    kept = {row.key for row in rows if row.pk not in leaving}
    since = {row.key: row.since for row in waiting}
    new = {key: one for key, one in wanted.items() if key not in kept}
    _take(calendar, new, since)
    return True


def _differs(row: OutsideEvent, wanted: Wanted) -> bool:
    return row.span != wanted.period or row.label != wanted.label


def _give_back(rows: Iterable[OutsideEvent], calendar: OutsideCalendar) -> None:
    held = [row.occupancy for row in rows if row.occupancy is not None]
    release_many(held, actor=SYSTEM, reason=f"retiré de l’agenda {calendar.name}")


def _take(calendar: OutsideCalendar, new: dict[str, Wanted], since: dict[str, datetime]) -> None:
    """Take the time of each, all at once where nobody stands in the way, else one by one."""
    taken = _all_at_once(calendar, new) or _one_by_one(calendar, new)
    now = clock.now()
    OutsideEvent.objects.bulk_create(
        OutsideEvent(
            calendar=calendar,
            key=key,
            label=one.label,
            period=as_range(one.period),
            occupancy=taken[key],
            state=EventState.PLACED if taken[key] else EventState.CONFLICT,
            since=since.get(key, now),
        )
        for key, one in new.items()
    )
    fresh = [key for key in new if taken[key] is None and key not in since]
    if fresh:
        tell_conflicts(calendar, [new[key].period for key in fresh])
    audit.record(SYSTEM, "calendars.placed", calendar, taken=len(new), conflicts=len(fresh))


def _all_at_once(
    calendar: OutsideCalendar, new: dict[str, Wanted]
) -> dict[str, Occupancy | None] | None:
    try:
        with transaction.atomic():
            pairs = [(one.period, _use(calendar, one)) for one in new.values()]
            made = occupy_many(calendar.space, pairs, actor=SYSTEM)
    except SlotTaken:
        return None
    return dict(zip(new, made, strict=True))


def _one_by_one(calendar: OutsideCalendar, new: dict[str, Wanted]) -> dict[str, Occupancy | None]:
    taken: dict[str, Occupancy | None] = {}
    for key, one in sorted(new.items(), key=lambda item: (item[1].period, item[0])):
        try:
            with transaction.atomic():
                taken[key] = occupy(calendar.space, one.period, _use(calendar, one), actor=SYSTEM)
        except SlotTaken:
            taken[key] = None
    return taken


def _use(calendar: OutsideCalendar, one: Wanted) -> Use:
    return Use(
        OccupancyKind.OWN_USE,
        label=one.label or calendar.name,
        holder_organization=calendar.place.owner,
    )


@transaction.atomic
def _note(calendar: OutsideCalendar, problem: Problem = Problem.NONE, **seen: Any) -> None:
    """Keep how the reading went; tell the managers once of what lasts."""
    now = clock.now()
    seen |= {"tried_at": now, "problem": problem}
    if problem == Problem.NONE:
        seen |= {"read_at": now, "told_at": None}
    found = OutsideCalendar.objects.filter(pk=calendar.pk)
    found.update(**seen)
    calendar.refresh_from_db()
    lasting = (calendar.read_at or calendar.created_at) < now - PATIENCE
    is_told = problem != Problem.NONE and (problem != Problem.AWAY or lasting)
    if is_told and found.filter(told_at=None).update(told_at=now):
        tell_problem(calendar)


def due(before: datetime) -> list[int]:
    """Those to read: never tried, or not since that moment; the longest ago first."""
    waiting = OutsideCalendar.objects.filter(stopped_at=None).exclude(tried_at__gt=before)
    ordered = waiting.order_by(F("tried_at").asc(nulls_first=True), "pk")
    return list(ordered.values_list("pk", flat=True)[:500])
