"""How much time, by weekday, hour and kind of week: the one shape that every figure is read from.

A grid is an array [term or holidays, measure, weekday, hour]. Time is in quarter-hours × parts: an
hour of a hall of three thirds is twelve of them, four a third; an hour of ten desks is forty. It
becomes hours of the whole space, or hours × m², once divided by its parts (`Weight`), so that no
square metre counts twice.
"""

from __future__ import annotations

import zlib
from enum import IntEnum
from typing import Any

import numpy as np

DAYS, HOURS = 7, 24
CELLS = DAYS * HOURS


class Measure(IntEnum):
    """What is added up. `OPEN` = `USED` + `BUFFER` + `FREE`; closures are in none of them."""

    CLOCK = 0  # all the hours there are, once the space exists
    OPEN = 1  # within opening hours, closures taken away
    CLOSED = 2  # within opening hours, but closed for once
    USED = 3  # booked, held by a permanence or by the owner, within opening hours
    BUFFER = 4  # preparation and clean-up: nobody's, and nobody could have it
    FREE = 5  # open and nobody's, however short
    USEFUL = (
        6  # the free stretches that last as long as the space's shortest booking, an hour at least
    )
    USEFUL_2H = 7
    USEFUL_4H = 8


MEASURES = len(Measure)
SHAPE = (2, MEASURES, DAYS, HOURS)
#: The useful lengths a page may ask for, in minutes, and the measure that answers; 0: the space's.
USEFUL_OF = {0: Measure.USEFUL, 120: Measure.USEFUL_2H, 240: Measure.USEFUL_4H}
SHORTEST_USEFUL = 60


def empty() -> Any:
    return np.zeros(SHAPE, np.int64)


def pack(grid: Any) -> bytes:
    """Few of the numbers are not nought: twenty times smaller than as an array of the database."""
    return zlib.compress(np.ascontiguousarray(grid, np.dtype("<i4")).tobytes(), 6)


def unpack(octets: bytes | memoryview) -> Any:
    return np.frombuffer(zlib.decompress(octets), np.dtype("<i4")).reshape(SHAPE)


def weighted(grid: Any, parts: int, surface: int | None) -> Any:
    """Hours of the whole space, and hours × m² (nought where the surface is unknown).

    Args:
        parts: how many parts the whole is made of; each has its share of the surface.
    """
    hours = grid / (4.0 * parts)
    return np.stack([hours, hours * (surface or 0)])


def pack_weighted(grids: Any) -> bytes:
    """The two grids of a territory, to seven figures."""
    return zlib.compress(np.ascontiguousarray(grids, np.dtype("<f4")).tobytes(), 6)


def unpack_weighted(octets: bytes | memoryview) -> Any:
    return np.frombuffer(zlib.decompress(octets), np.dtype("<f4")).reshape(2, *SHAPE)
