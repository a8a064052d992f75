"""`make bench ONLY=capacity`: spare capacity of a country, worked out, then read.

The summaries of every département are worked out as at night, once from nothing and once more.
Then what the pages read is timed, and compared with what the bookings themselves say.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import numpy as np
from django.db import connection
from django.db.models import Count

from bench.country import Country
from bench.figures import figure, progress, spread, timed
from bench.reads.watch import watching
from preau.capacity import summaries
from preau.capacity.grids import SHAPE, Measure, unpack
from preau.capacity.models import CapacityMonth
from preau.capacity.queries.figures import from_summaries, live
from preau.capacity.queries.scopes import Scope, of_area
from preau.capacity.summaries import month_after
from preau.places.models import Place
from preau.territories.areas import NATION, area

TIMES, COMPARED, SAMPLE = 20, 8, 2000


def main(country: Country) -> None:
    counted = Place.objects.values_list("departement_code").annotate(n=Count("spaces"))
    largest = [code for code, _ in sorted(counted, key=lambda one: (-one[1], one[0]))]
    if country.wants("capacity.refresh"):
        _refresh(largest, "first")
        _refresh(largest[:10], "again_ten")
        _sizes()
    if country.wants("capacity.read"):
        _reads(country, largest)
    if country.wants("capacity.same"):
        _same(country, largest)


def _refresh(codes: list[str], name: str) -> None:
    began, cpu, written = time.monotonic(), time.process_time(), 0
    for number, code in enumerate(codes, 1):
        written += summaries.refresh(code)
        progress(f"capacity.refresh.{name}", number, len(codes))
    figure(f"capacity.refresh.{name}.seconds", time.monotonic() - began, "s")
    figure(f"capacity.refresh.{name}.cpu", time.process_time() - cpu, "s")
    figure(f"capacity.refresh.{name}.written", written, "rows")


def _sizes() -> None:
    """Against the same numbers as arrays of the database, a row a month and kind of week."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE) capacity_capacitymonth, capacity_capacityarea")
        cursor.execute(
            "SELECT count(*), avg(length(grid)), pg_total_relation_size('capacity_capacitymonth'),"
            " pg_total_relation_size('capacity_capacityarea') FROM capacity_capacitymonth"
        )
        rows, grid, months, areas = cursor.fetchone()
        figure("capacity.size.months.rows", rows, "rows")
        figure("capacity.size.months.grid", float(grid), "bytes")
        figure("capacity.size.months.whole", months / 1e6, "MB")
        figure("capacity.size.areas.whole", areas / 1e6, "MB")
        cursor.execute("CREATE TEMPORARY TABLE arrays (kind smallint, cells smallint[])")
        some = CapacityMonth.objects.values_list("grid", flat=True)[:SAMPLE]
        for octets in some:
            for kind, cells in enumerate(unpack(octets).reshape(SHAPE[0], -1)):
                cursor.execute("INSERT INTO arrays VALUES (%s, %s)", [kind, cells.tolist()])
        cursor.execute("SELECT pg_total_relation_size('arrays')")
        figure("capacity.size.as_arrays", cursor.fetchone()[0] / max(len(some), 1), "bytes")


def _reads(country: Country, largest: list[str]) -> None:
    first, last = _year(country)
    code = largest[0]
    asked: dict[str, Scope] = {
        "departement": of_area(area(f"departement:{code}")),
        "region": of_area(area(f"region:{_region(code)}")),
        "nation": of_area(NATION),
    }
    for name, scope in asked.items():
        reading = _timed(f"capacity.read.{name}", lambda s=scope: from_summaries(s, first, last))
        figure(f"capacity.read.{name}.spaces", reading.spaces, "spaces")
        figure(f"capacity.read.{name}.open", round(reading.hours(Measure.OPEN)), "h")
        figure(f"capacity.read.{name}.useful", round(reading.hours(Measure.USEFUL)), "h")
    scope = asked["departement"]
    with timed("capacity.read.departement.live"):
        live(scope, first, last)


def _timed(name: str, ask: Callable[[], Any]) -> Any:
    times: list[float] = []
    statements = 0
    found: Any = None
    for _ in range(TIMES):
        began = time.monotonic()
        with watching() as watch:
            found = ask()
        times.append((time.monotonic() - began) * 1000)
        statements = len(watch.statements)
    spread(name, times, statements=(statements, "queries"))
    return found


def _same(country: Country, largest: list[str]) -> None:
    """Summaries against the bookings themselves, hour by hour: any difference is an error."""
    first, last = _year(country)
    compared = 0
    for code in country.draw.sample(largest, min(COMPARED, len(largest))):
        scope = of_area(area(f"departement:{code}"))
        kept, fresh = from_summaries(scope, first, last), live(scope, first, last)
        if not np.allclose(kept.grids, fresh.grids, rtol=1e-4, atol=0.5):
            raise SystemExit(f"The summaries of {code} are not what its bookings say.")
        compared += fresh.spaces
    figure("capacity.same.spaces", compared, "spaces")


def _year(country: Country) -> tuple[Any, Any]:
    first = month_after(country.today, 0)
    return first, month_after(first, 12) - timedelta(days=1)


def _region(code: str) -> str:
    place = Place.objects.select_related("commune__departement").filter(departement_code=code)
    found = place.first()
    assert found is not None
    return str(found.commune.departement.region_id)
