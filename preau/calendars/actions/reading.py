"""Reading an outside calendar: what is new takes time, what is gone gives it back, no more."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F

from preau.calendars.actions.following import address_of
from preau.calendars.actions.placing import Overtaken, Wanted, place
from preau.calendars.enums import EventState, Problem
from preau.calendars.models import OutsideCalendar
from preau.calendars.telling import tell_left_aside, tell_problem
from preau.core import clock
from preau.core.errors import Refusal
from preau.core.tables.cells import Unreadable
from preau.core.timeranges import Period
from preau.desk.reading.found import MOST_LINES, key_of, widened
from preau.desk.reading.ics import Occurrence, occurrences
from preau.integrations import ics
from preau.integrations.http import Rejected, Unauthorized, Unavailable
from preau.outside.calls import NotAsked, calling

#: How far ahead its times are placed; the rest comes as the days pass.
HORIZON = timedelta(days=400)
#: What lasts longer is taken so far: an end in the year 9999 is no end.
LONGEST = timedelta(days=800)
#: Even unchanged, read whole again after that long: the horizon has moved.
WHOLE_EVERY = timedelta(days=1)
#: A server away for that long is told to the managers.
PATIENCE = timedelta(days=1)
#: Readings of one calendar that end while another goes on: it starts again, so many times.
MOST_TIMES = 3
#: Events whose dates are not understood that are remembered, to be listed.
MOST_ASIDE = 200


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
    for _ in range(MOST_TIMES):
        with contextlib.suppress(Overtaken):
            _read(calendar_id, accept_loss)
            return


def _read(calendar_id: int, accept_loss: bool) -> None:
    calendar = OutsideCalendar.objects.select_related("place").get(pk=calendar_id)
    if calendar.stopped_at is not None:
        return
    whole = accept_loss or _is_to_read_whole(calendar)
    try:
        feed = _fetched(calendar, whole)
        with transaction.atomic():
            _note(calendar, **_brought_in(calendar, feed, whole, accept_loss))
    except NotAsked:
        return
    except _Trouble as trouble:
        _note(calendar, trouble.problem)


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
        found = occurrences(feed.text, calendar.place, within=ahead)
    except Refusal:
        raise _Trouble(Problem.UNREADABLE) from None
    if not place(calendar, _wanted(found), accept_loss=accept_loss):
        raise _Trouble(Problem.EMPTIED)
    return seen | {"digest": digest, "placed_at": clock.now(), "left_aside": _left_aside(found)}


def _left_aside(found: Sequence[Occurrence]) -> list[list[str]]:
    """What would take time if its dates were understood: its name, and why they are not."""
    told: dict[tuple[str, str], None] = {}
    for one in found:
        if not one.takes_time:
            continue
        if one.start is None or one.end is None:
            told[one.summary[:160], one.why] = None
        elif one.end < one.start:
            told[one.summary[:160], "Il se termine avant de commencer."] = None
    return [list(one) for one in told][:MOST_ASIDE]


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
def _note(calendar: OutsideCalendar, problem: Problem = Problem.NONE, **seen: Any) -> None:
    """Keep how the reading went; tell the managers once of what lasts."""
    now = clock.now()
    seen |= {"tried_at": now, "problem": problem}
    if problem == Problem.NONE:
        seen |= {"read_at": now, "told_at": None}
    found = OutsideCalendar.objects.filter(pk=calendar.pk)
    known = calendar.left_aside
    found.update(**seen)
    calendar.refresh_from_db()
    if fresh := [one for one in calendar.left_aside if one not in known]:
        tell_left_aside(calendar, len(fresh))
    lasting = (calendar.read_at or calendar.created_at) < now - PATIENCE
    is_told = problem != Problem.NONE and (problem != Problem.AWAY or lasting)
    if is_told and found.filter(told_at=None).update(told_at=now):
        tell_problem(calendar)


def due(before: datetime) -> list[int]:
    """Those to read: never tried, or not since that moment; the longest ago first."""
    waiting = OutsideCalendar.objects.filter(stopped_at=None).exclude(tried_at__gt=before)
    ordered = waiting.order_by(F("tried_at").asc(nulls_first=True), "pk")
    return list(ordered.values_list("pk", flat=True)[:500])
