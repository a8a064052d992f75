"""Where a search looks: a disc, the cells it touches, and small discs before large ones.

A page shows the nearest spaces. In a town they are a few streets away, so a small disc is asked
first and widened only while it holds less than a page: the answer is that of the whole disc, and
its cost that of what is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from math import asin, cos, degrees, radians, sin, sqrt
from typing import Any, TypeVar

from preau.availability.index import TILES_A_ROW, tile_of
from preau.territories.distances import EARTH_RADIUS_KM

#: The first disc asked: a few cells wide.
FIRST_KM = 3.0
#: A disc nearly as wide as the whole is not worth a statement of its own.
NEARLY_ALL = 0.4

Row = TypeVar("Row")


@dataclass(frozen=True)
class Where:
    """A disc: centre in degrees, radius in kilometres."""

    latitude: float
    longitude: float
    km: float


@dataclass(frozen=True)
class Frame:
    """Degrees that hold a disc, and its cells: first and last tile of each row of them."""

    south: float
    north: float
    west: float
    east: float
    first: list[int]
    last: list[int]


def frame(where: Where) -> Frame:
    """What a disc touches: a little more, never less."""
    angle = degrees(where.km / EARTH_RADIUS_KM)
    ratio = sin(radians(min(angle, 90))) / max(cos(radians(where.latitude)), 1e-6)
    width = degrees(asin(min(1.0, ratio)))
    west, east = max(where.longitude - width, -180.0), min(where.longitude + width, 179.99)
    south, north = where.latitude - angle, where.latitude + angle
    rows = range(tile_of(south, west), tile_of(north, west) + 1, TILES_A_ROW)
    across = tile_of(south, east) - rows.start
    return Frame(south, north, west, east, list(rows), [tile + across for tile in rows])


def disc(where: Where) -> dict[str, Any]:
    """The parameters of a disc, as `statements.CANDIDATES` reads them."""
    centre = {"lat": where.latitude, "lon": where.longitude, "km": where.km}
    return {"radius": EARTH_RADIUS_KM} | centre | asdict(frame(where))


def widening(
    where: Where,
    enough: int,
    ask: Callable[[Where], Sequence[Row]],
    *,
    beyond: float = 0.0,
    is_full: Callable[[Sequence[Row]], bool] | None = None,
) -> Sequence[Row]:
    """The rows of the whole disc that a page needs, from the smallest disc that has them.

    Args:
        enough: how many rows fill the page.
        ask: the rows of a disc, nearest first.
        beyond: nothing nearer than this is wanted (a later page).
        is_full: whether nothing farther could come before these rows; by default, `enough` rows.
    """
    km = min(where.km, max(FIRST_KM, 1.25 * beyond + 1))
    while True:
        rows = ask(replace(where, km=km))
        full = is_full(rows) if is_full else len(rows) >= enough
        if full or km >= where.km:
            return rows
        km = _wider(km, len(rows), enough, where.km)


def _wider(km: float, found: int, enough: int, most: float) -> float:
    """The next radius: what is found grows as the area does."""
    factor = sqrt(1.5 * enough / found) if found else 4.0
    wider = km * max(factor, 1.5)
    return most if wider > NEARLY_ALL * most else wider
