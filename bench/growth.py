"""`make bench ONLY=growth`: what a country costs as it grows, a table of docs/operations/scale.md.

Weighs the tables of this country, rebuilds its index and extends its horizon; then writes the table
from the figures of this country and of the others whose folders are beside its own.
"""

from __future__ import annotations

import json
import os
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.db import connection
from django.db.models import Max

from bench import growth_table
from bench.country import DESCRIPTION, Country
from bench.figures import FIGURES, figure, progress, read_figures, timed
from bench.growth_table import MACHINE, Column
from bench.reads.questions import moment
from preau.availability.care import checking, opening
from preau.availability.models import OpeningCalendar
from preau.core import clock

PAGE = Path(__file__).resolve().parent.parent / "docs" / "operations" / "scale.md"
BEGIN, END = "<!-- table: begin -->", "<!-- table: end -->"
MIB = 1024 * 1024


def main(country: Country) -> None:
    if country.wants("growth.disk"):
        weigh()
    with clock.frozen(moment(country.today)):
        if country.wants("growth.horizon"):
            extend_a_month()
        if country.wants("growth.verify"):
            verify("growth.verify")
        if country.wants("growth.rebuild"):
            rebuild_whole()
    if "PREAU_VAR" not in os.environ:
        return
    var = Path(os.environ["PREAU_VAR"])
    (var / MACHINE).write_text(json.dumps(machine(), indent=1) + "\n")
    write_page(columns_beside(var))


def weigh() -> None:
    """Disk by table, indexes apart, and the whole database."""
    with connection.cursor() as cursor:
        for table in growth_table.TABLES:
            cursor.execute(
                "SELECT pg_total_relation_size(oid), pg_indexes_size(oid), greatest(reltuples, 0)"
                " FROM pg_class WHERE oid = to_regclass(%s)",
                [table],
            )
            whole, indexes, rows = cursor.fetchone() or (0, 0, 0)
            figure(f"growth.{table}.disk", whole / MIB, "MiB")
            figure(f"growth.{table}.indexes", indexes / MIB, "MiB")
            figure(f"growth.{table}.rows", int(rows), "rows")
        cursor.execute("SELECT pg_database_size(current_database())")
        figure("growth.database.disk", cursor.fetchone()[0] / MIB, "MiB")


def extend_a_month() -> None:
    """Thirty nights of the nightly task at once: the calendars that end first go on from there."""
    ends = OpeningCalendar.objects.aggregate(last=Max("built_until"))["last"]
    with timed("growth.horizon.seconds"):
        written = opening.extend(ends + timedelta(days=30), progress)
    figure("growth.horizon.calendars", written, "calendars")


def verify(name: str) -> None:
    """The whole index against the truth, nothing repaired; any difference ends the run."""
    with timed(f"{name}.seconds"):
        report = checking.check(repair=False, progress=progress)
    figure(f"{name}.rows", report.rows, "rows")
    figure(f"{name}.differences", report.differences, "rows")
    if report.differences:
        sys.exit("\n".join(str(one) for one in report.told))


def rebuild_whole() -> None:
    """From nothing: taken and open days are erased first, then written from the truth alone."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE availability_spaceday, availability_openingyear")
    OpeningCalendar.objects.update(built_until=None)
    with timed("growth.rebuild.seconds"):
        for _ in checking.rebuild(progress=progress):
            pass
    verify("growth.rebuilt")


def machine() -> dict[str, Any]:
    """The class of machine that the figures are of, and the day."""
    with connection.cursor() as cursor:
        said = {}
        for name in ("server_version", "shared_buffers"):
            cursor.execute("SELECT current_setting(%s)", [name])
            said[name] = cursor.fetchone()[0]
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return {
        "day": clock.now().date().isoformat(),
        "cores": os.cpu_count(),
        "memory_gib": round(pages / 1024**3),
        "load": round(os.getloadavg()[1], 1),
        **said,
    }


def columns_beside(var: Path) -> list[Column]:
    """The countries measured so far, the small ones first; the figures of this run included."""
    found: dict[tuple[int, ...], Column] = {}
    folders = [path.parent for path in var.parent.glob(f"*/{DESCRIPTION}")]
    for folder in sorted(folders, key=lambda one: (one == var, one.stat().st_mtime)):
        said = {one["name"]: one["value"] for one in read_figures(folder / "figures.json")}
        if folder == var:
            said |= {one["name"]: one["value"] for one in FIGURES}
        try:
            on = json.loads((folder / MACHINE).read_text())
        except (OSError, ValueError):
            continue  # never measured
        column = Column(json.loads((folder / DESCRIPTION).read_text()), said, on)
        found[column.key] = column  # of two alike, this one, else the last measured
    return [found[key] for key in sorted(found)]


def write_page(columns: list[Column]) -> None:
    """Put the table in its place on the page; the words around it are somebody's."""
    text = PAGE.read_text()
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    PAGE.write_text(f"{before}{BEGIN}\n{growth_table.written(columns)}{END}{after}")
