"""The order of the work: draw, fill, index, check. Two processes share the tables."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from django.core.management import call_command
from django.db import connections

from bench.country import bookings, demand, hours, land, people, prices, standing
from bench.country.loading import connect, fill, fill_whole, indexes_of, overlaps, reindex
from bench.country.rows import stamps
from bench.figures import FIGURES, figure, timed
from preau.core import clock

_FILLS: dict[str, Callable[[bookings.Bookings], bookings.Table]] = {
    "occupancies": bookings.occupancies,
    "taken_days": bookings.taken_days,
    "occupied_units": bookings.occupied_units,
    "bookings": bookings.bookings,
    "dates": bookings.dates,
    "series": bookings.series,
}
#: The processes that fill the tables share, as they are born, what was drawn.
_FORK = multiprocessing.get_context("fork")
_made: list[bookings.Bookings] = []


@dataclass
class Drawn:
    """A country before its bookings."""

    where: land.Land
    who: people.People
    grids: prices.Prices
    opening: hours.Hours
    now: int  # quarter-hours since 1970


def build(
    *, spaces: int, bookings_per_space: int, past: int, per_place: int, seed: int
) -> dict[str, Any]:
    """Everything, in the database of DATABASE_URL; what country.json says of it."""
    with timed("build.migrate"):
        call_command("migrate", interactive=False, verbosity=0)
    with timed("build.territories"):
        call_command("load_territories")
    today = clock.today(ZoneInfo("Europe/Paris"))
    with timed("build.draw_land"):
        drawn = draw(spaces, per_place, today, seed)
    connections.close_all()
    with ProcessPoolExecutor(1, mp_context=_FORK) as beside:
        standing_written = beside.submit(_heard, write_standing, drawn)
        with timed("build.draw_bookings"):
            made = draw_bookings(drawn, today, bookings_per_space, past, seed)
        _made.append(made)
        with timed("build.fill_and_index"):
            counts = _fill_and_index()
            _tell(standing_written)
    with timed("build.check"):
        _check(counts)
    return {"today": today.isoformat(), "counts": counts} | _about(drawn, made.demand)


def draw(spaces: int, per_place: int, today: date, seed: int) -> Drawn:
    where = land.draw(land.read_communes(), spaces, per_place, seed)
    who = people.draw(where, seed)
    grids = prices.draw(where, who.place_owner, seed)
    now = int(clock.now().timestamp()) // 900
    return Drawn(where, who, grids, hours.draw(where, today, seed), now)


def draw_bookings(drawn: Drawn, today: date, each: int, past: int, seed: int) -> bookings.Bookings:
    usual = _usual_hours(drawn.opening)
    wanted = demand.draw(drawn.where, usual, today, each, past, seed)
    return bookings.Bookings.draw(drawn.where, drawn.who, wanted, drawn.now, seed)


def write_standing(drawn: Drawn) -> None:
    where, who, now = drawn.where, drawn.who, int(stamps(drawn.now))
    with timed("build.standing"), connect() as link:
        people.write(link, where, who, now)
        standing.write(link, where, who, drawn.grids, now)
        standing.write_index(link, where, who, drawn.opening, drawn.grids)
        people.write_prices(link, who, drawn.grids, now)
    with timed("build.hours"), connect() as link:
        standing.write_hours(link, where, who, drawn.opening)


def write_bookings(made: bookings.Bookings) -> None:
    """One table after the other: for a small country."""
    with connect() as link:
        for columns_of in _FILLS.values():
            table = columns_of(made)
            fill_whole(link, table.model, table.rows, table.columns)


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
    with ProcessPoolExecutor(2, mp_context=_FORK) as pool:
        running: set[Future[Any]] = {pool.submit(_heard, _fill, name) for name in _FILLS}
        while running:
            done, running = wait(running, return_when=FIRST_COMPLETED)
            for one in done:
                found = _tell(one)
                if found is None:
                    continue
                table, rows, indexes = found
                counts[table] = rows
                running |= {pool.submit(_heard, _reindex, one, rows) for one in indexes}
    return counts


def _heard(work: Callable[..., Any], *args: Any) -> tuple[Any, list[dict[str, Any]]]:
    """What work in another process gives, with the figures that it has said."""
    FIGURES.clear()
    return work(*args), list(FIGURES)


def _tell(done: Future[Any]) -> Any:
    found, said = done.result()
    FIGURES.extend(said)
    return found


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


def _about(drawn: Drawn, wanted: demand.Demand) -> dict[str, Any]:
    """A few known things that measures start from."""
    spaces_at = np.bincount(drawn.where.space_place, minlength=drawn.where.places)
    return {
        "places": drawn.where.places,
        "calendars": len(drawn.opening.calendars),
        "dates": wanted.rows,
        "bookings": wanted.groups,
        "standing_dates": int(wanted.stands.sum()),
        "known": {
            "accounts": {key: email for key, (email, _, _) in people.KNOWN.items()},
            "large_place": 1,
            "large_place_spaces": int(spaces_at[0]),
            "large_place_calendar": 1,
            "place_of_twelve": 2,
            "payer_organization": drawn.who.first_association + 1,
        },
    }
