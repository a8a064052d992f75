"""Taken days that nobody reads any more: what was booked stays in the truth."""

from __future__ import annotations

from django.db.models import Min

from preau.availability.care.reports import Progress, silent
from preau.availability.index import first_kept
from preau.availability.models import SpaceDay
from preau.availability.opening_index import DAY


def trim(progress: Progress = silent) -> int:
    """Remove them, one day a transaction; how many rows went."""
    limit, gone = first_kept(), 0
    day = oldest = SpaceDay.objects.aggregate(oldest=Min("day"))["oldest"]
    while day is not None and day < limit:
        gone += SpaceDay.objects.filter(day=day)._raw_delete("default")
        progress("past days", (day - oldest).days + 1, (limit - oldest).days)
        day += DAY
    return gone
