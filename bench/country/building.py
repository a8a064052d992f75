"""The order of the work: draw, fill, index, check. Two processes share the tables."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from django.core.management import call_command
from django.db import connections

from bench.country import bookings, demand, hours, land, people, prices, standing
from bench.country.loading import connect, fill, indexes_of, overlaps, reindex
from bench.figures import figure, timed
from preau.core import clock

_FILLS: dict[str, Callable[[bookings.Bookings], bookings.Table]] = {
    "occupancies": bookings.occupancies,
    "taken_days": bookings.taken_days,
    "occupied_units": bookings.occupied_units,
    "bookings": bookings.bookings,
    "dates": bookings.dates,
    "series": bookings.series,
}
#: What the processes that fill the tables inherit.
_made: list[bookings.Bookings] = []


def build(
    *, spaces: int, bookings_per_space: int, past: int, per_place: int, seed: int
) -> dict[str, Any]:
    """Everything, in the database of DATABASE_URL; what country.json says of it."""
    with timed("build.migrate"):
        call_command("migrate", interactive=False, verbosity=0)
    with timed("build.territories"):
        call_command("load_territories")
    today = clock.today(ZoneInfo("Europe/Paris"))
    now = int(clock.now().timestamp()) // 900
    with timed("build.draw_land"):
        where = land.draw(land.read_communes(), spaces, per_place, seed)
        who = people.draw(where, seed)
        grids = prices.draw(where, who.place_owner, seed)
        opening = hours.draw(where, today, seed)
    connections.close_all()
    background = multiprocessing.get_context("fork").Process(
        target=_write_standing, args=(where, who, grids, opening, now)
    )
    background.start()
    with timed("build.draw_bookings"):
        usual = _usual_hours(opening)
        wanted = demand.draw(where, usual, today, bookings_per_space, past, seed)
        _made.append(bookings.Bookings.draw(where, who, wanted, now, seed))
    with timed("build.fill_and_index"):
        counts = _fill_and_index()
        background.join()
    if background.exitcode:
        raise SystemExit("Places and hours could not be written (see above).")
    with timed("build.check"):
        _check(counts)
    return {"today": today.isoformat(), "counts": counts} | _about(where, who, wanted, opening)


def _write_standing(
    where: land.Land,
    who: people.People,
    grids: prices.Prices,
    opening: hours.Hours,
    now: int,
) -> None:
    stamp = now * 900_000_000 - 946_684_800_000_000
    with timed("build.standing"), connect() as link:
        people.write(link, where, who, stamp)
        standing.write(link, where, who, grids, stamp)
        standing.write_index(link, where, who, opening, grids)
        people.write_prices(link, who, grids, stamp)
    with timed("build.hours"), connect() as link:
        standing.write_hours(link, where, who, opening)


def _usual_hours(opening: hours.Hours) -> Any:
    """(space, weekday, quarter): open in an ordinary week, so that bookings mostly fall there."""
    monday = date(2000, 1, 3)
    ordinary = hours.Sky(
        first=monday - timedelta(days=2),
        weekday=np.array([(monday + timedelta(days=n - 2)).weekday() for n in range(9)]),
        is_school_holiday=np.zeros(9, bool),
        is_public_holiday=np.zeros(9, bool),
        odd=[],
    )
    week = np.array([hours.bits(one, ordinary)[1:, :96] for one in opening.calendars])
    return week[opening.space_calendar]


def _fill_and_index() -> dict[str, int]:
    """Tables two at a time; the indexes of a table as soon as its rows are there."""
    counts: dict[str, int] = {}
    context = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(2, mp_context=context) as pool:
        running: set[Future[Any]] = {pool.submit(_fill, name) for name in _FILLS}
        while running:
            done, running = wait(running, return_when=FIRST_COMPLETED)
            for one in done:
                found = one.result()
                if found is None:
                    continue
                table, rows, indexes = found
                counts[table] = rows
                running |= {pool.submit(_reindex, index, rows) for index in indexes}
    return counts


def _fill(name: str) -> tuple[str, int, list[str]]:
    table = _FILLS[name](_made[0])
    name = table.model._meta.db_table
    with connect() as link:
        fill(link, table.model, table.rows, table.columns)
        return name, table.rows, indexes_of(link, name)


def _reindex(index: str, rows: int) -> None:
    with connect() as link:
        reindex(link, index, rows)


def _check(counts: dict[str, int]) -> None:
    with connect() as link:
        found = overlaps(link)
        if found:
            raise SystemExit(f"{found} pairs of bookings overlap: the country is wrong.")
        link.execute("VACUUM (ANALYZE)")
        link.execute("CHECKPOINT")
        for table in sorted(counts):
            row = link.execute(
                "SELECT pg_table_size(%s::regclass), pg_indexes_size(%s::regclass)", (table, table)
            ).fetchone()
            assert row is not None
            figure(f"build.size.{table}.rows", counts[table], "rows")
            figure(f"build.size.{table}.table", row[0] / 1e6, "MB")
            figure(f"build.size.{table}.indexes", row[1] / 1e6, "MB")
        row = link.execute("SELECT pg_database_size(current_database())").fetchone()
        figure("build.size.whole", row[0] / 1e9 if row else 0, "GB")


def _about(
    where: land.Land, who: people.People, wanted: demand.Demand, opening: hours.Hours
) -> dict[str, Any]:
    """A few known things that measures start from."""
    spaces_at = np.bincount(where.space_place, minlength=where.places)
    return {
        "spaces_made": where.spaces,
        "places": where.places,
        "calendars": len(opening.calendars),
        "dates": wanted.rows,
        "bookings": wanted.groups,
        "standing_dates": int(wanted.stands.sum()),
        "known": {
            "accounts": {key: email for key, (email, _, _) in people.KNOWN.items()},
            "large_place": 1,
            "large_place_spaces": int(spaces_at[0]),
            "large_place_calendar": 1,
            "place_of_twelve": 2,
            "payer_organization": who.first_association + 1,
        },
    }
