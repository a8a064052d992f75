"""The map: what is in sight, gathered by the server in the squares of a grid."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from django.db import connection
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


METROPOLE = View(41.2, -5.3, 51.2, 9.7)


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
    """The circle asked, or the mainland."""
    if asked.centre is None:
        return METROPOLE
    latitude, longitude = asked.centre
    high = math.degrees(asked.km / EARTH_RADIUS_KM)
    wide = high / max(math.cos(math.radians(latitude)), 0.1)
    return View(latitude - high, longitude - wide, latitude + high, longitude + wide)


def squares(asked: Asked, view: View) -> list[dict[str, Any]]:
    """One line a square: where, how many, and the place itself when it is alone."""
    found = asked.of().filter(
        latitude__range=(view.south, view.north), longitude__range=(view.west, view.east)
    )
    points = found.order_by().values("id", "latitude", "longitude")
    statement, parameters = points.query.sql_with_params()
    shrunk = math.cos(math.radians((view.south + view.north) / 2))
    side = view.side if view.zoom < ALONE_ZOOM else 1e-7
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT avg(latitude), avg(longitude), count(*), min(id)"  # noqa: S608  Django's own
            f" FROM ({statement}) AS point"
            " GROUP BY floor(latitude / %s), floor(longitude / %s) ORDER BY 3 DESC LIMIT %s",
            [*parameters, side * shrunk, side, MOST_SQUARES],
        )
        rows = list(cursor.fetchall())
    alone = [first for *_, count, first in rows if count == 1]
    named = {
        pk: (name, slug)
        for pk, name, slug in Sheet.objects.filter(pk__in=alone).values_list("pk", "name", "slug")
    }
    answer: list[dict[str, Any]] = []
    for latitude, longitude, count, first in rows:
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
