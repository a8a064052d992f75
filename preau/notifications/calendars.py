"""One event as an `.ics` (RFC 5545, iTIP): in local time, with its time zone's own rules."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vCalAddress, vText

from preau.core import clock

#: REQUEST and CANCEL speak to an invited person's calendar; PUBLISH only shows.
METHODS = ("REQUEST", "CANCEL", "PUBLISH")
RULES_AROUND = timedelta(days=400)


def event_ics(  # noqa: PLR0913  an event has that many facts, each named by the caller
    *,
    uid: str,
    sequence: int,
    start: datetime,
    end: datetime,
    zone: str,
    summary: str,
    location: str = "",
    description: str = "",
    method: str = "PUBLISH",
    organizer: tuple[str, str] | None = None,
    attendee: str = "",
    certain: bool = True,
) -> str:
    """The text of the file.

    Args:
        uid: the same for the whole life of the event; `sequence` grows with each change.
        start, end: aware instants, written in the wall time of `zone`.
        organizer: the name and the address of who answers for it; REQUEST and CANCEL need it.
        attendee: the address of the person invited.
        certain: false while someone still has to answer; calendars show it so.
    """
    if method not in METHODS:
        raise ValueError(f"An .ics method is one of {', '.join(METHODS)}, not {method!r}.")
    calendar = Calendar()
    calendar.add("prodid", "-//Préau//FR")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    event = Event()
    event.add("uid", uid)
    event.add("sequence", sequence)
    event.add("dtstamp", clock.now())
    event.add("dtstart", start.astimezone(ZoneInfo(zone)))
    event.add("dtend", end.astimezone(ZoneInfo(zone)))
    event.add("summary", summary)
    standing = "CONFIRMED" if certain else "TENTATIVE"
    event.add("status", "CANCELLED" if method == "CANCEL" else standing)
    for name, text in (("location", location), ("description", description)):
        if text:
            event.add(name, text)
    _add_people(event, organizer, attendee)
    calendar.add_component(event)
    # The zone's rules around the event only: a tenth of the file.
    calendar.add_missing_timezones(
        first_date=(start - RULES_AROUND).date(), last_date=(end + RULES_AROUND).date()
    )
    return bytes(calendar.to_ical()).decode()


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
