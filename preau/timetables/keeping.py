"""What takes long to read for a grid, kept a while for its pages."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import TypeVar

from django.core.cache import cache

from preau.core import clock
from preau.timetables.models import Candidate, Timetable

#: A booking made meanwhile shows after so long, or as soon as the grid changes.
KEPT = timedelta(minutes=15)
T = TypeVar("T")


def keep(
    name: str, timetable: Timetable, candidates: Sequence[Candidate], make: Callable[[], T]
) -> T:
    """As it was read for this version of the grid and these spaces, in this order, today."""
    spaces = [
        (one.space_id, place.pk, place.latitude, place.longitude)
        for one in candidates
        for place in [one.space.place]
    ]
    said = (name, timetable.pk, timetable.version, clock.today(timetable.zone), spaces)
    key = f"timetables:{hashlib.sha256(repr(said).encode()).hexdigest()}"
    found: T | None = cache.get(key)
    if found is None:
        found = make()
        cache.set(key, found, KEPT.total_seconds())
    return found
