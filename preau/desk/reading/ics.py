"""The dates of an `.ics` (RFC 5545): events once, or each time they come, in wall time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import chain, islice
from time import monotonic
from typing import Any

from dateutil.rrule import rrulestr
from icalendar import Calendar

from preau.core import clock
from preau.core.errors import Refusal
from preau.core.tables.cells import Unreadable
from preau.core.timeranges import Period, local_instant
from preau.desk.reading.found import FARTHEST, MOST_LINES
from preau.places.models import Place

MOST_SECONDS = 10
_RHYTHM = re.compile(r"FREQ=(DAILY|WEEKLY|MONTHLY|YEARLY)")
_UNTIL = re.compile(r"UNTIL=(\d{8})")
_BY_THE_HOUR = re.compile(r"BY(HOUR|MINUTE|SECOND)")
#: Every zero days: the same instant without end.
_STANDS_STILL = re.compile(r"INTERVAL=(?!0*[1-9])")


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One time that an event takes place.

    Attributes:
        uid: the event's, the same for each of its times.
        start, end: aware instants; None when its dates cannot be read.
        takes_time: false for what leaves its owner free (`TRANSP:TRANSPARENT`).
        why: what cannot be read of its dates, in a sentence; "" when all is.
    """

    uid: str
    summary: str
    location: str
    start: datetime | None = None
    end: datetime | None = None
    takes_time: bool = True
    why: str = ""


def occurrences(text: str, place: Place, *, within: Period | None = None) -> list[Occurrence]:
    """Every event, each time to come of those that come back; `MOST_LINES` + 1 at most.

    Args:
        within: leave aside, uncounted, what takes place wholly before or after.

    Raises:
        Refusal: not an .ics after all, or rhythms too long to follow.
    """
    try:
        calendar = Calendar.from_ical(text)
        written: list[Any] = calendar.walk("VEVENT")
        events = [one for one in written if _stands(one)]
        moved = {  # moved or cancelled: the event that comes back leaves that time to it
            (_text(one, "UID"), _instant(one["RECURRENCE-ID"].dt, place))
            for one in written
            if "RECURRENCE-ID" in one
        }
        series = {_text(one, "UID"): one for one in written if "RECURRENCE-ID" not in one}
    except (LookupError, ValueError, TypeError, AttributeError, OverflowError) as error:
        raise Refusal(
            "Cet agenda .ics est abîmé : exportez-le de nouveau.", field="file"
        ) from error
    found: list[Occurrence] = []
    begun = monotonic()
    for event in events:
        if monotonic() - begun > MOST_SECONDS:  # rhythms that never come, searched for centuries
            raise Refusal("Cet agenda est trop long à lire : coupez-le.", field="file")
        times = (one for one in _times(event, place, moved, series) if _touches(one, within))
        found += islice(times, MOST_LINES + 1 - len(found))
        if len(found) > MOST_LINES:
            break
    return found


def _touches(one: Occurrence, within: Period | None) -> bool:
    if within is None or one.start is None or one.end is None:
        return True
    return one.start < within.end and within.start < one.end


def _times(
    event: Any, place: Place, moved: set[tuple[str, datetime]], series: dict[str, Any]
) -> Iterator[Occurrence]:
    uid, summary, location = (_text(event, name) for name in ("UID", "SUMMARY", "LOCATION"))
    takes_time = _text(event, "TRANSP").upper() != "TRANSPARENT"
    try:
        for start in _dates(event, place, moved, series):
            end = _end(event, start, place)
            yield Occurrence(uid, summary, location, start, end, takes_time)
    except (LookupError, ValueError, TypeError, AttributeError, OverflowError) as error:
        why = str(error) if isinstance(error, Unreadable) else "Ses dates ne sont pas lisibles."
        yield Occurrence(uid, summary, location, takes_time=takes_time, why=why)


def _stands(event: Any) -> bool:
    return str(event.get("STATUS", "")).upper() != "CANCELLED"


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


def _end(event: Any, start: datetime, place: Place) -> datetime:
    """As long after each start; whole days in wall time, so that a day ends at midnight."""
    length = _length(event, place)
    if length.days:
        return _instant(_wall(start, place) + length, place)
    if "DTEND" in event:  # a night when the hour changes lasts what it lasts
        return start + (_instant(event["DTEND"].dt, place) - _start(event, place))
    return start + length


def _length(event: Any, place: Place) -> timedelta:
    """From its start to its end, as a clock on the wall says."""
    first = event["DTSTART"].dt
    if "DTEND" in event:
        end = _instant(event["DTEND"].dt, place)
        return _wall(end, place) - _wall(_start(event, place), place)
    if "DURATION" in event:
        length: timedelta = event["DURATION"].dt
        return length
    return timedelta(hours=1) if isinstance(first, datetime) else timedelta(days=1)


def _wall(at: datetime, place: Place) -> datetime:
    return at.astimezone(place.zone).replace(tzinfo=None)


def _dates(
    event: Any, place: Place, moved: set[tuple[str, datetime]], series: dict[str, Any]
) -> Iterator[datetime]:
    """When it takes place: once, or each time to come, in wall time so that 18 h stays 18 h.

    Raises:
        Unreadable: after the dates that are understood, what is not, unless it is over.
    """
    if "RECURRENCE-ID" in event:
        yield _start(event, place)
        if event["RECURRENCE-ID"].params.get("RANGE") and not _is_over(
            series.get(_text(event, "UID"), {}), event, place
        ):
            raise Unreadable("Les dates suivantes, déplacées avec celle-ci, ne le sont pas ici.")
        return
    if "RRULE" not in event and "RDATE" not in event:
        yield _start(event, place)
        return
    left_out = {_instant(one.dt, place) for one in _listed(event, "EXDATE")}
    for at in chain(_rhythm(event, place), _added(event, place)):
        if at not in left_out and (_text(event, "UID"), at) not in moved:
            left_out.add(at)  # named twice, it takes place once
            yield at


def _rhythm(event: Any, place: Place) -> Iterator[datetime]:
    if "RRULE" not in event:
        yield _start(event, place)
        return
    wall = _wall(_start(event, place), place)
    rule = event["RRULE"].to_ical().decode().upper()
    if _STANDS_STILL.search(rule):
        raise Unreadable("Ce rythme n’est pas compris.")
    if _is_over(event, event, place):
        return
    if wall.year < 2000 or not _RHYTHM.search(rule) or _BY_THE_HOUR.search(rule):
        raise Unreadable("Ce rythme n’est pas compris.")
    rule = ";".join(_local_until(part, place) for part in rule.split(";"))
    for one in rrulestr(rule, dtstart=wall).between(
        _begun(event, place), _wall(clock.now(), place) + FARTHEST
    ):
        yield _instant(one, place)


def _added(event: Any, place: Place) -> Iterator[datetime]:
    """Dates written one by one (RFC 5545, § 3.8.5.2), those that are over left aside."""
    for one in _listed(event, "RDATE"):
        if isinstance(one.dt, tuple):
            if _period_end(one.dt, place) <= clock.now():
                continue
            raise Unreadable("Des dates ajoutées à la main, d’une durée propre, sont laissées.")
        at = _instant(one.dt, place)
        if _wall(at, place) >= _begun(event, place):
            yield at


def _is_over(series: Any, event: Any, place: Place) -> bool:
    """Whether its rhythm ends, and the last of its times is past, as long as the event lasts; of
    an event moved with those after it, as late as it was moved. False wherever it is not sure."""
    if "RRULE" not in series or ("RECURRENCE-ID" in event and "RDATE" in series):
        return False
    rule = series["RRULE"].to_ical().decode().upper()
    if _STANDS_STILL.search(rule):
        return False
    begun = _begun(event, place)
    if "RECURRENCE-ID" in event:
        planned = _instant(event["RECURRENCE-ID"].dt, place)
        begun -= max(_start(event, place) - planned, timedelta())
    if found := _UNTIL.search(rule):
        return datetime.fromisoformat(found[1]) + timedelta(days=1) < begun
    longer = _no_shorter(rule)
    start = _wall(_start(series, place), place)
    return longer is not None and rrulestr(longer, dtstart=start).after(begun, inc=True) is None


def _no_shorter(rule: str) -> str | None:
    """A rhythm of days, quick to follow, that ends no sooner than one ended by COUNT; None where
    none is known."""
    parts = dict(part.split("=", 1) for part in rule.split(";"))
    if not parts.get("COUNT", "").isdigit():
        return None
    if parts["FREQ"] in {"HOURLY", "MINUTELY", "SECONDLY"}:
        if any(name.startswith("BY") for name in parts):
            return None
        parts["FREQ"] = "DAILY"
    if _BY_THE_HOUR.search(rule):
        if "BYSETPOS" in parts:  # the second time of a day, where there would be one
            return None
        parts = {name: part for name, part in parts.items() if not _BY_THE_HOUR.match(name)}
        parts["COUNT"] = str(int(parts["COUNT"]) + 1)  # its first day may begin after its hour
    return ";".join(f"{name}={part}" for name, part in parts.items())


def _period_end(period: tuple[datetime, datetime | timedelta], place: Place) -> datetime:
    start, end = period
    return _instant(start, place) + end if isinstance(end, timedelta) else _instant(end, place)


def _begun(event: Any, place: Place) -> datetime:
    """What began before is over, on the clock on the wall."""
    return _wall(clock.now(), place) - _length(event, place) - timedelta(days=1)


def _local_until(part: str, place: Place) -> str:
    """`UNTIL` in the place's wall time, as the dates are."""
    name, _, value = part.partition("=")
    if name != "UNTIL" or not value.endswith("Z"):
        return part
    until = datetime.strptime(value, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    return f"UNTIL={until.astimezone(place.zone):%Y%m%dT%H%M%S}"


def _listed(event: Any, name: str) -> list[Any]:
    given = event.get(name, [])
    lists = given if isinstance(given, list) else [given]
    return [one for each in lists for one in each.dts]
