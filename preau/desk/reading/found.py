"""One use read in a file, and how its words become a space, a day, an hour."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from preau.availability.enums import OccupancyKind
from preau.core import clock
from preau.core.tables.cells import Unreadable, plain
from preau.core.timeranges import QUARTER, Period
from preau.places.models import Space

MOST_LINES = 5000
#: From so many letters on, a part of a space's name may stand for it.
SHORTEST_NAME = 4
#: How far ahead the days of a place are planned.
FARTHEST = timedelta(days=800)
_HOUR = re.compile(r"(\d{1,2})(?: ?(?:h|:|heures?) ?(\d{2})?)?(?::\d{2})?")


@dataclass
class Found:
    """One use of the file.

    Attributes:
        number: its line (CSV), or its rank (.ics).
        key: names it, the same each time the file is read.
        facts: who, for what, how many: as they will be written on the booking.
        error: what cannot be understood, in a sentence; "" when all is.
    """

    number: int
    key: str = ""
    space: Space | None = None
    period: Period | None = None
    kind: str = OccupancyKind.BOOKING
    facts: dict[str, Any] = field(default_factory=dict)
    error: str = ""


def key_of(*parts: object) -> str:
    return hashlib.sha256("\x1f".join(str(part) for part in parts).encode()).hexdigest()


def minute_of(text: str) -> int:
    """« 18:30 », « 18h30 », « 18 h », « 18 » → minutes since midnight; « 24 h » is the day's end.

    Raises:
        Unreadable: none of these.
    """
    match = _HOUR.fullmatch(plain(text))
    minute = int(match[1]) * 60 + int(match[2] or 0) if match else -1
    if not 0 <= minute <= 1440 or (match and int(match[2] or 0) > 59):
        raise Unreadable(f"L’heure « {text[:40]} » n’est pas lisible. Écrivez-la ainsi : 18:30.")
    return minute


def space_named(text: str, spaces: Sequence[Space], default: Space | None) -> Space:
    """The space of that name, accents and capitals aside; else the only one that shares it.

    Raises:
        Unreadable: none, or several.
    """
    wanted = plain(text)
    if not wanted:
        if default is not None:
            return default
        raise Unreadable("L’espace n’est pas indiqué.")
    exact = [space for space in spaces if plain(space.name) == wanted]
    within = exact or [space for space in spaces if plain(space.name) in wanted]
    if not within and len(wanted) >= SHORTEST_NAME:
        within = [space for space in spaces if wanted in plain(space.name)]
    if len(within) == 1:
        return within[0]
    if not within and default is not None:
        return default
    if within:
        raise Unreadable(f"Plusieurs espaces peuvent porter ce nom : « {text[:60]} ».")
    raise Unreadable(f"Aucun espace de ce lieu ne porte ce nom : « {text[:60]} ».")


def on_quarters(start: datetime, end: datetime) -> Period:
    """The time, widened to quarter-hours.

    Raises:
        Unreadable: it ends before it begins, it lasts too long, it is over or years away.
    """
    found = widened(start, end)
    if found.end - found.start > timedelta(days=31):
        raise Unreadable("Une réservation dure un mois au plus.")
    if found.end <= clock.now():
        raise Unreadable("Ce créneau est passé.")
    if found.start > clock.now() + FARTHEST:
        raise Unreadable("Ce créneau est dans plus de deux ans.")
    return found


def widened(start: datetime, end: datetime) -> Period:
    """The same, however long and whenever it is.

    Raises:
        Unreadable: it ends before it begins.
    """
    first = start - (start - datetime.min.replace(tzinfo=start.tzinfo)) % QUARTER
    last = end + (datetime.min.replace(tzinfo=end.tzinfo) - end) % QUARTER
    if last <= first:
        raise Unreadable("L’heure de fin vient avant l’heure de début.")
    return Period(first, last)
