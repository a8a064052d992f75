"""A diary exported as `.ics`: events, those that come back, whole days."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from time import monotonic
from typing import Any

from dateutil.rrule import rrulestr
from icalendar import Calendar

from preau.availability.enums import OccupancyKind
from preau.core import clock
from preau.core.errors import Refusal
from preau.core.tables.cells import Unreadable
from preau.core.timeranges import local_instant
from preau.desk.reading.found import (
    FARTHEST,
    MOST_LINES,
    Found,
    key_of,
    on_quarters,
    space_named,
)
from preau.places.models import Place, Space

MOST_SECONDS = 10
_RHYTHM = re.compile(r"FREQ=(DAILY|WEEKLY|MONTHLY|YEARLY)")
_BY_THE_HOUR = re.compile(r"BY(HOUR|MINUTE|SECOND)")


def read_diary(text: str, place: Place, default: Space | None) -> list[Found]:
    """Every event to come, each date of those that come back.

    Raises:
        Refusal: not a diary after all.
    """
    try:
        calendar = Calendar.from_ical(text)
        events: list[Any] = [one for one in calendar.walk("VEVENT") if _stands(one)]
        moved = {
            (_text(one, "UID"), _instant(one["RECURRENCE-ID"].dt, place))
            for one in events
            if "RECURRENCE-ID" in one
        }
    except (ValueError, KeyError, IndexError, TypeError) as error:
        raise Refusal(
            "Cet agenda .ics est abîmé : exportez-le de nouveau.", field="file"
        ) from error
    spaces = list(place.spaces.exclude(publication="archive").select_related("place__owner"))
    found: list[Found] = []
    begun = monotonic()
    for event in events:
        if monotonic() - begun > MOST_SECONDS:  # rhythms that never come, searched for centuries
            raise Refusal("Cet agenda est trop long à lire : coupez-le.", field="file")
        try:
            for start in islice(_dates(event, place, moved), MOST_LINES + 1 - len(found)):
                found.append(_found(event, start, len(found) + 1, place, spaces, default))
        except (Unreadable, ValueError, TypeError, AttributeError, OverflowError):
            facts = {"purpose": _text(event, "SUMMARY")[:160], "space": ""}
            sentence = "Les dates de cet événement ne sont pas lisibles."
            found.append(Found(len(found) + 1, facts=facts, error=sentence))
        if len(found) > MOST_LINES:
            break
    return found


def _stands(event: Any) -> bool:
    return str(event.get("STATUS", "")).upper() != "CANCELLED" and "DTSTART" in event


def _text(event: Any, name: str) -> str:
    return " ".join(str(event.get(name, "")).split())


def _instant(value: date | datetime, place: Place) -> datetime:
    """An instant; a time without a zone, and a day, are the place's."""
    if not isinstance(value, datetime):
        return local_instant(value, 0, place.zone)
    if value.tzinfo is None:
        return local_instant(value.date(), value.hour * 60 + value.minute, place.zone)
    return value.astimezone(UTC)


def _start(event: Any, place: Place) -> datetime:
    return _instant(event["DTSTART"].dt, place)


def _length(event: Any, place: Place) -> timedelta:
    first = event["DTSTART"].dt
    if "DTEND" in event:
        return _instant(event["DTEND"].dt, place) - _start(event, place)
    if "DURATION" in event:
        length: timedelta = event["DURATION"].dt
        return length
    return timedelta(hours=1) if isinstance(first, datetime) else timedelta(days=1)


def _dates(event: Any, place: Place, moved: set[tuple[str, datetime]]) -> Iterator[datetime]:
    """When it takes place: once, or each time to come, in wall time so that 18 h stays 18 h."""
    if "RRULE" not in event or "RECURRENCE-ID" in event:
        yield _start(event, place)
        return
    wall = _start(event, place).astimezone(place.zone).replace(tzinfo=None)
    rule = event["RRULE"].to_ical().decode().upper()
    if wall.year < 2000 or not _RHYTHM.search(rule) or _BY_THE_HOUR.search(rule):
        raise Unreadable("Ce rythme n’est pas compris.")
    rule = ";".join(_local_until(part, place) for part in rule.split(";"))
    now = clock.now().astimezone(place.zone).replace(tzinfo=None)
    skipped = {_instant(one.dt, place) for one in _exceptions(event)}
    for one in rrulestr(rule, dtstart=wall).between(now - timedelta(days=1), now + FARTHEST):
        at = _instant(one, place)
        if at not in skipped and (_text(event, "UID"), at) not in moved:
            yield at


def _local_until(part: str, place: Place) -> str:
    """`UNTIL` in the place's wall time, as the dates are."""
    name, _, value = part.partition("=")
    if name != "UNTIL" or not value.endswith("Z"):
        return part
    until = datetime.strptime(value, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    return f"UNTIL={until.astimezone(place.zone):%Y%m%dT%H%M%S}"


def _exceptions(event: Any) -> list[Any]:
    given = event.get("EXDATE", [])
    lists = given if isinstance(given, list) else [given]
    return [one for each in lists for one in each.dts]


def _found(
    event: Any,
    start: datetime,
    number: int,
    place: Place,
    spaces: list[Space],
    default: Space | None,
) -> Found:
    one = Found(number, kind=OccupancyKind.BOOKING)
    summary = _text(event, "SUMMARY")
    one.facts = {
        "purpose": summary[:160] or "Réservation reprise",
        "name": "",
        "structure": "",
        "phone": "",
        "email": "",
        "attendance": 1,
        "space": _text(event, "LOCATION")[:120],
    }
    try:
        one.space = space_named(_text(event, "LOCATION"), spaces, default)
        length = _length(event, place)
        end = (start.astimezone(place.zone).replace(tzinfo=None) + length) if length.days else None
        finish = _instant(end, place) if end is not None else start + length
        one.period = on_quarters(start, finish)
        one.key = key_of("ics", _text(event, "UID"), one.space.pk, one.period.start)
    except Unreadable as error:
        one.error = str(error)
    return one
