"""The map: what is in sight, gathered by the server in the squares of a grid."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, TypeVar

from django.core.cache import cache
from django.db import connection
from django.db.models import Max, Min, QuerySet
from django.urls import reverse

from preau.directory.filters import Asked
from preau.directory.models import Sheet
from preau.territories.distances import EARTH_RADIUS_KM

LEAST_ZOOM, MOST_ZOOM = 3, 18
#: Side of a square on the screen, in pixels; a tile of the map is 256 wide.
SQUARE = 64
#: From this zoom on each place is alone, even two of one square.
ALONE_ZOOM = 16
MOST_SQUARES = 1500
WIDEST = 360.0
#: The latitude by which the squares of the whole nation are drawn.
FRANCE = 46.5
#: Up to this zoom, what no commune bounds is gathered once for everybody.
NATIONAL_ZOOM = 8
KEPT = timedelta(minutes=5)
#: Of the side of a square: nearer than this, two rounds would hide each other's numbers.
APART = 0.85


@dataclass(frozen=True, slots=True)
class View:
    """What is in sight: degrees, and how near."""

    south: float
    west: float
    north: float
    east: float
    zoom: int = 6

    @property
    def side(self) -> float:
        """Of a square, in degrees of longitude."""
        return WIDEST * SQUARE / 256 / float(2**self.zoom)

    @property
    def sides(self) -> tuple[float, float]:
        """Of a square, in degrees of longitude and of latitude."""
        side = self.side if self.zoom < ALONE_ZOOM else 1e-7
        middle = FRANCE if self.zoom <= NATIONAL_ZOOM else (self.south + self.north) / 2
        return side, side * math.cos(math.radians(middle))

    def has(self, latitude: float, longitude: float) -> bool:
        return self.south <= latitude <= self.north and self.west <= longitude <= self.east


#: Latitude, longitude, how many, and the first of them.
Gathered = tuple[float, float, int, int]
METROPOLE = View(41.2, -5.3, 51.2, 9.7)
WORLD = View(-90, -180, 90, 180)
T = TypeVar("T")


def read_view(text: str, zoom: str) -> View | None:
    """« south,west,north,east » and a zoom; None when they make no sense."""
    try:
        south, west, north, east = (float(one) for one in text.split(","))
        near = int(zoom)
    except ValueError:
        return None
    if not all(map(math.isfinite, (south, west, north, east))):
        return None
    if not (-90 <= south < north <= 90 and -540 <= west < east <= 540):
        return None
    return View(south, west, north, east, min(max(near, LEAST_ZOOM), MOST_ZOOM))


def first_view(asked: Asked) -> View:
    """Around what answers; when nothing does, the circle asked or the mainland."""
    if asked.needs_where:
        return METROPOLE
    if _is_national(asked):
        return _kept("fit", asked, lambda: _fit(asked, METROPOLE))
    return _fit(asked, METROPOLE if asked.centre is None else _circle(asked))


def _fit(asked: Asked, within: View) -> View:
    found = _in_sight(asked, within).aggregate(
        south=Min("latitude"), west=Min("longitude"), north=Max("latitude"), east=Max("longitude")
    )
    return within if found["south"] is None else replace(within, **found)


def _circle(asked: Asked) -> View:
    assert asked.centre is not None
    latitude, longitude = asked.centre
    high = math.degrees(asked.km / EARTH_RADIUS_KM)
    wide = high / max(math.cos(math.radians(latitude)), 0.1)
    near = min(int(math.log2(WIDEST / wide)) + 1, ALONE_ZOOM - 1)
    south, north = max(latitude - high, -90.0), min(latitude + high, 90.0)
    return View(south, longitude - wide, north, longitude + wide, near)


def squares(asked: Asked, view: View) -> list[dict[str, Any]]:
    """One line a square: where, how many, and the place itself when it is alone."""
    if asked.needs_where:
        return []
    if view.zoom > NATIONAL_ZOOM or not _is_national(asked):
        return _drawn(asked, view)
    whole = replace(WORLD, zoom=view.zoom)
    nation = _kept(str(view.zoom), asked, lambda: _drawn(asked, whole))
    return [one for one in nation if view.has(one["lat"], one["lon"])]


def _is_national(asked: Asked) -> bool:
    """Asked by many, bounded by nothing, in few enough ways for their answers to be kept."""
    return asked.commune is None and not (asked.words or asked.label)


def _kept(what: str, asked: Asked, make: Callable[[], T]) -> T:
    """As it was some minutes ago at most: no view of the nation reads the whole table again."""
    key = f"directory.map:{what}:{asked.profile}:{asked.kind}:{int(asked.accessible)}"
    found: T | None = cache.get(key)
    if found is None:
        found = make()
        cache.set(key, found, KEPT.total_seconds())
    return found


def _drawn(asked: Asked, view: View) -> list[dict[str, Any]]:
    return _named(_apart(_gathered(asked, view), view))


def _in_sight(asked: Asked, view: View) -> QuerySet[Sheet]:
    return asked.of().filter(
        latitude__range=(view.south, view.north), longitude__range=(view.west, view.east)
    )


def _gathered(asked: Asked, view: View) -> list[Gathered]:
    points = _in_sight(asked, view).order_by().values("id", "latitude", "longitude")
    statement, parameters = points.query.sql_with_params()
    side, high = view.sides
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT avg(latitude), avg(longitude), count(*), min(id)"  # noqa: S608  Django's own
            f" FROM ({statement}) AS point"
            " GROUP BY floor(latitude / %s), floor(longitude / %s) ORDER BY 3 DESC, 4 LIMIT %s",
            [*parameters, high, side, MOST_SQUARES],
        )
        return list(cursor.fetchall())


def _apart(gathered: list[Gathered], view: View) -> list[Gathered]:
    """The same, each smaller one joined to a larger one that it would hide.

    The middle of a square's places is within it: only the eight around can be too near.
    """
    if view.zoom >= ALONE_ZOOM:
        return gathered
    side, high = view.sides
    kept: dict[tuple[int, int], Gathered] = {}
    for one in gathered:  # the largest first
        row, column = math.floor(one[0] / high), math.floor(one[1] / side)
        around = [(row + up, column + right) for up in (-1, 0, 1) for right in (-1, 0, 1)]
        near = [
            (math.hypot((kept[at][0] - one[0]) / high, (kept[at][1] - one[1]) / side), at)
            for at in around
            if at in kept
        ]
        away, at = min(near, default=(APART, (row, column)))
        if away < APART:
            latitude, longitude, count, first = kept[at]
            kept[at] = (latitude, longitude, count + one[2], first)
        else:
            kept[row, column] = one
    return list(kept.values())


def _named(gathered: list[Gathered]) -> list[dict[str, Any]]:
    alone = [first for *_, count, first in gathered if count == 1]
    named = {
        pk: (name, slug)
        for pk, name, slug in Sheet.objects.filter(pk__in=alone).values_list("pk", "name", "slug")
    }
    answer: list[dict[str, Any]] = []
    for latitude, longitude, count, first in gathered:
        one: dict[str, Any] = {
            "lat": round(latitude, 5),
            "lon": round(longitude, 5),
            "n": count,
        }
        if count == 1 and first in named:
            name, slug = named[first]
            one |= {"name": name, "url": reverse("directory:sheet", args=[slug])}
        answer.append(one)
    return answer
