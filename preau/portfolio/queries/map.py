"""The map: what is in sight, gathered by the server in the squares of a grid."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.urls import reverse

from preau.accounts.actors import Actor
from preau.portfolio.filters import Filters
from preau.portfolio.models import ProjectCount
from preau.projects.models import Project
from preau.projects.standing import competence_of

LEAST_ZOOM, MOST_ZOOM = 3, 18
#: Side of a square on the screen, in pixels; a tile of the map is 256 wide.
SQUARE = 80
#: Beyond this zoom projects of one town hall stay together: a link to their list says who they are.
MOST_SQUARES = 2000
#: Up to this zoom the whole country is shown by its contracts, counted ahead.
FAR = 8
_WORLD = 360.0
#: Wider than this is overseas and mainland together: the mainland is shown first.
MOST_DEGREES = 20.0


@dataclass(frozen=True)
class View:
    """What is in sight: degrees, and how near."""

    south: float
    west: float
    north: float
    east: float
    zoom: int

    @property
    def box(self) -> tuple[float, float, float, float]:
        return (self.south, self.west, self.north, self.east)

    @property
    def side(self) -> float:
        """Of a square, in degrees of longitude."""
        return _WORLD * SQUARE / 256 / float(2**self.zoom)


#: France and what surrounds it.
METROPOLE = View(41.2, -5.3, 51.2, 9.7, 6)


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


def squares(filters: Filters, actor: Actor, view: View) -> list[dict[str, Any]]:
    """One line a square: where, how many, and the project itself when it is alone.

    `commune` is given when all of them are in one: no nearer view would part them.
    """
    if ahead := _counted_ahead(filters, actor, view):
        return ahead
    found = filters.of(actor).filter(
        latitude__range=(view.south, view.north), longitude__range=(view.west, view.east)
    )
    rows = _gathered(found, view)
    alone = {row[3]: row for row in rows if row[2] == 1}
    named = {
        one["pk"]: one
        for one in Project.objects.filter(pk__in=alone).values("pk", "key", "name", "state")
    }
    answer = []
    for latitude, longitude, count, first, commune in rows:
        one: dict[str, Any] = {
            "lat": round(latitude, 5),
            "lon": round(longitude, 5),
            "n": count,
        }
        if (project := named.get(first)) is not None and count == 1:
            one["name"] = project["name"]
            one["url"] = reverse("projects:sheet", args=[project["key"]])
        elif commune:
            one["commune"] = commune
        answer.append(one)
    return answer


def _counted_ahead(filters: Filters, actor: Actor, view: View) -> list[dict[str, Any]]:
    """The whole country seen from afar: one point a contract, from the counts of dashboards.

    Otherwise each view would walk every project there is. Empty before the first count.
    """
    service = competence_of(actor)
    if view.zoom > FAR or filters != Filters() or service is None:
        return []
    if service.departements is not None:
        return []
    rows = ProjectCount.objects.filter(
        programme_id=None,
        crte_code__isnull=False,
        latitude__range=(view.south, view.north),
        longitude__range=(view.west, view.east),
    )
    return [
        {"lat": round(latitude, 5), "lon": round(longitude, 5), "n": number}
        for latitude, longitude, number in rows.values_list("latitude", "longitude", "projects")
        if latitude is not None and longitude is not None
    ]


def _gathered(found: QuerySet[Project], view: View) -> list[tuple[Any, ...]]:
    """Squares are as wide as high on the screen: degrees of latitude shrink away from the equator,
    by the same factor all over the view."""
    shrunk = math.cos(math.radians((view.south + view.north) / 2))
    points = found.order_by().values("id", "latitude", "longitude", "lead_commune_id")
    statement, parameters = points.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT avg(latitude), avg(longitude), count(*), min(id),"  # noqa: S608  Django's own
            " CASE WHEN min(lead_commune_id) = max(lead_commune_id) THEN min(lead_commune_id) END"
            f" FROM ({statement}) AS point"
            " GROUP BY floor(latitude / %s), floor(longitude / %s) ORDER BY 3 DESC LIMIT %s",
            [*parameters, view.side * shrunk, view.side, MOST_SQUARES],
        )
        return list(cursor.fetchall())


def extent(found: QuerySet[Project], filters: Filters, actor: Actor) -> View | None:
    """What shows all of them at first; None when there is none with a position.

    A service sees its territory; projects that reach it from beyond are a drag away.
    """
    service = competence_of(actor)
    if filters == Filters() and service is not None and service.departements is None:
        return METROPOLE
    found = found.filter(latitude__isnull=False)
    if service is not None and service.departements:
        found = found.filter(departement_code__in=service.departements)
    points = found.order_by().values("latitude", "longitude")
    statement, parameters = points.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT min(latitude), min(longitude), max(latitude), max(longitude)"  # noqa: S608
            f" FROM ({statement}) AS point",
            parameters,
        )
        south, west, north, east = cursor.fetchone()
    if south is None:
        return METROPOLE if service is not None else None
    spread = max(north - south, east - west)
    return METROPOLE if spread > MOST_DEGREES else View(south, west, north, east, 6)
