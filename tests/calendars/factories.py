"""Outside calendars and what they publish."""

from datetime import UTC

from preau.accounts.actors import SYSTEM
from preau.calendars.actions import following
from tests.availability.factories import open_space
from tests.places.factories import SpaceFactory

HEAD = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Essai//FR\r\n"


def written(*events):
    """The text of a calendar; each event is a dict of properties, or its lines."""
    return HEAD + "".join(_event(one) for one in events) + "END:VCALENDAR\r\n"


def event(uid, start, end, label="Danse", **more):
    return {
        "UID": uid,
        "DTSTAMP": "20270101T000000Z",
        "DTSTART": f"{start.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        "DTEND": f"{end.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        "SUMMARY": label,
        **more,
    }


def _event(properties):
    lines = "".join(f"{name}:{value}\r\n" for name, value in properties.items())
    return f"BEGIN:VEVENT\r\n{lines}END:VEVENT\r\n"


def space_open():
    space = SpaceFactory()
    open_space(space)
    return space


def followed(space=None, address="http://127.0.0.1:9/a.ics", name="Conservatoire"):
    return following.follow(space or space_open(), name, address, actor=SYSTEM)
