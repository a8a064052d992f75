"""Events as an `.ics` (RFC 5545, iTIP): in local time, with its time zone's own rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vCalAddress, vText

from preau.core import clock

#: REQUEST and CANCEL speak to an invited person's calendar; PUBLISH only shows.
METHODS = ("REQUEST", "CANCEL", "PUBLISH")
RULES_AROUND = timedelta(days=400)


@dataclass(frozen=True)
class Entry:
    """One event of a file.

    Attributes:
        uid: the same for the whole life of the event; `sequence` grows with each change.
        start, end: aware instants, written in the wall time of `zone`.
        organizer: the name and the address of who answers for it; REQUEST and CANCEL need it.
        attendee: the address of the person invited.
        certain: false while someone still has to answer; calendars show it so.
    """

    uid: str
    sequence: int
    start: datetime
    end: datetime
    zone: str
    summary: str
    location: str = ""
    description: str = ""
    organizer: tuple[str, str] | None = None
    attendee: str = ""
    certain: bool = True
    cancelled: bool = False


def event_ics(*, method: str = "PUBLISH", **facts: Any) -> str:
    """The text of a file with one event, whose facts are those of an `Entry`."""
    return events_ics([Entry(**facts)], method=method)


def events_ics(entries: Sequence[Entry], *, method: str = "PUBLISH", name: str = "") -> str:
    """The text of a file with some events; `name` is what calendars that follow it show."""
    if method not in METHODS:
        raise ValueError(f"An .ics method is one of {', '.join(METHODS)}, not {method!r}.")
    calendar = Calendar()
    calendar.add("prodid", "-//Préau//FR")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    if name:
        calendar.add("x-wr-calname", " ".join(name.splitlines()))  # not standard: escaped by no one
    for entry in entries:
        calendar.add_component(_event(entry, method))
    # The zone's rules around the events only: a tenth of the file.
    if entries:
        calendar.add_missing_timezones(
            first_date=(min(one.start for one in entries) - RULES_AROUND).date(),
            last_date=(max(one.end for one in entries) + RULES_AROUND).date(),
        )
    return bytes(calendar.to_ical()).decode()


def _event(entry: Entry, method: str) -> Event:
    event, zone = Event(), ZoneInfo(entry.zone)
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("dtstamp", clock.now())
    event.add("dtstart", entry.start.astimezone(zone))
    event.add("dtend", entry.end.astimezone(zone))
    event.add("summary", entry.summary)
    standing = "CONFIRMED" if entry.certain else "TENTATIVE"
    gone = entry.cancelled or method == "CANCEL"
    event.add("status", "CANCELLED" if gone else standing)
    for name, text in (("location", entry.location), ("description", entry.description)):
        if text:
            event.add(name, text)
    _add_people(event, entry.organizer, entry.attendee)
    return event


def _add_people(event: Event, organizer: tuple[str, str] | None, attendee: str) -> None:
    if organizer:
        name, address = organizer
        who = vCalAddress(f"mailto:{address}")
        who.params["CN"] = vText(name)
        event.add("organizer", who)
    if attendee:
        guest = vCalAddress(f"mailto:{attendee}")
        guest.params["RSVP"] = vText("FALSE")
        guest.params["PARTSTAT"] = vText("ACCEPTED")
        event.add("attendee", guest)
