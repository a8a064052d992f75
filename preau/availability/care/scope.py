"""Which days and which spaces are compared, and in what order.

Taken days are stored by (day, tile, space): spaces are walked in the order of (tile, space), so
that a batch reads one stretch of the index a day, and the batches together leave no row unread.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from zoneinfo import ZoneInfo

from preau.availability import opening_index
from preau.availability.index import WESTERNMOST, first_kept, tile_of
from preau.availability.opening_index import DAY, days_between
from preau.core import clock
from preau.core.timeranges import local_instant
from preau.places.models import Space

READ_AT_ONCE = 5000
Key = tuple[int, int]
LOWEST: Key = (-1, -1)
HIGHEST: Key = (2**31 - 1, 2**63 - 1)


@dataclass(frozen=True)
class Days:
    """Consecutive local days, both included."""

    first: date
    last: date

    def all(self) -> list[date]:
        return days_between(self.first, self.last)

    def midnights(self, zone: str) -> list[str]:
        """When each of them starts there, then when the last one ends; in ISO 8601."""
        return _midnights(self.first, self.last, zone)


@lru_cache(maxsize=32)
def _midnights(first: date, last: date, zone: str) -> list[str]:
    there = ZoneInfo(zone)
    return [local_instant(day, 0, there).isoformat() for day in days_between(first, last + DAY)]


@dataclass(frozen=True)
class Batch:
    """Spaces that follow each other; `after` (excluded) and `upto` (included) bound their rows."""

    spaces: Sequence[tuple[int, int, str]]  # tile, space, time zone
    after: Key
    upto: Key

    @property
    def ids(self) -> list[int]:
        return [space_id for _, space_id, _ in self.spaces]


def compared_days(since: date | None = None) -> Days:
    first = max(since or first_kept(), first_kept())
    return Days(first, clock.today(WESTERNMOST) + opening_index.HORIZON)


def spaces_by_tile(only: Sequence[int] = ()) -> list[tuple[int, int, str]]:
    """(tile, space, time zone) of every space, or of these, in the order of the index."""
    rows = Space.objects.order_by("pk")
    if only:
        rows = rows.filter(pk__in=only)
    found: list[tuple[int, int, str]] = []
    last = 0
    columns = ("pk", "place__latitude", "place__longitude", "place__time_zone")
    zones: dict[str, str] = {}
    while page := list(rows.filter(pk__gt=last).values_list(*columns)[:READ_AT_ONCE]):
        found += [
            (tile_of(latitude, longitude), pk, zones.setdefault(zone, zone))
            for pk, latitude, longitude, zone in page
        ]
        last = page[-1][0]
    return sorted(found)


def batches(
    spaces: Sequence[tuple[int, int, str]], size: int, after: Key = LOWEST
) -> Iterator[Batch]:
    """Cut them up; with `after`, from that key on. The last one goes on to the end of the index."""
    left = [row for row in spaces if row[:2] > after]
    for start in range(0, len(left), size):
        part = left[start : start + size]
        upto = part[-1][:2] if start + size < len(left) else HIGHEST
        yield Batch(part, after, upto)
        after = upto
    if not left:
        yield Batch([], after, HIGHEST)
