"""A diary exported as `.ics`: what each of its dates would be here."""

from __future__ import annotations

from preau.availability.enums import OccupancyKind
from preau.core.tables.cells import Unreadable
from preau.desk.reading.found import Found, key_of, on_quarters, space_named
from preau.desk.reading.ics import Occurrence, occurrences
from preau.places.models import Place, Space


def read_diary(text: str, place: Place, default: Space | None) -> list[Found]:
    """Every event to come, each date of those that come back.

    Raises:
        Refusal: not a diary after all.
    """
    spaces = list(place.spaces.exclude(publication="archive").select_related("place__owner"))
    return [
        _found(one, number, spaces, default)
        for number, one in enumerate(occurrences(text, place), 1)
    ]


def _found(one: Occurrence, number: int, spaces: list[Space], default: Space | None) -> Found:
    found = Found(number, kind=OccupancyKind.BOOKING)
    if one.start is None or one.end is None:
        found.facts = {"purpose": one.summary[:160], "space": ""}
        found.error = one.why or "Les dates de cet événement ne sont pas lisibles."
        return found
    found.facts = {
        "purpose": one.summary[:160] or "Réservation reprise",
        "name": "",
        "structure": "",
        "phone": "",
        "email": "",
        "attendance": 1,
        "space": one.location[:120],
    }
    try:
        found.space = space_named(one.location, spaces, default)
        found.period = on_quarters(one.start, one.end)
        found.key = key_of("ics", one.uid, found.space.pk, found.period.start)
    except Unreadable as error:
        found.error = str(error)
    return found
