"""`make bench ONLY=growth`: what a country costs as it grows, a table of docs/operations/scale.md.

Weighs the tables of this country, rebuilds its index and extends its horizon; then writes the table
from the figures of this country and of the others whose folders are beside its own.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from django.db import connection

from bench import growth_table
from bench.country import DESCRIPTION, Country
from bench.figures import FIGURES, figure, read_figures
from bench.growth_table import MACHINE, Column
from preau.core import clock

PAGE = Path(__file__).resolve().parent.parent / "docs" / "operations" / "scale.md"
BEGIN, END = "<!-- table: begin -->", "<!-- table: end -->"
MIB = 1024 * 1024


def main(country: Country) -> None:
    if country.wants("growth.disk"):
        weigh()
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
    found = []
    for description in var.parent.glob(f"*/{DESCRIPTION}"):
        folder = description.parent
        said = {one["name"]: one["value"] for one in read_figures(folder / "figures.json")}
        if folder == var:
            said |= {one["name"]: one["value"] for one in FIGURES}
        try:
            on = json.loads((folder / MACHINE).read_text())
        except (OSError, ValueError):
            continue  # never measured
        found.append(Column(json.loads(description.read_text()), said, on))
    return sorted(found, key=lambda one: (one.about["spaces"], one.about.get("past", 1)))


def write_page(columns: list[Column]) -> None:
    """Put the table in its place on the page; the words around it are somebody's."""
    text = PAGE.read_text()
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    PAGE.write_text(f"{before}{BEGIN}\n{growth_table.written(columns)}{END}{after}")
