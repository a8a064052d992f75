"""Rows into the real tables at full speed, under the very constraints that the migrations made.

Nothing is dropped nor made anew. While a table is filled its indexes are marked as not ready, as
those of an interrupted CREATE INDEX CONCURRENTLY are, then REINDEX builds each whole; foreign keys
are not asked row by row (`session_replication_role`). The exclusion constraint's index is rebuilt
with its re-check of every row switched off: `overlaps` asks for all of them in one pass instead.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import psycopg
from django.db import connection
from django.db.models import Model
from psycopg import sql

from bench.country.rows import BLOCK, blocks, fields_of, name_of
from bench.figures import figure, progress

#: Tables whose progress and time are said.
LARGE = 1_000_000
_MARK = """
UPDATE pg_index SET indisready = %(ready)s, indisvalid = %(ready)s
WHERE indrelid = %(table)s::regclass
"""
_EXCLUDES = "SELECT indisexclusion FROM pg_index WHERE indexrelid = %s::regclass"
_SET_EXCLUDES = "UPDATE pg_index SET indisexclusion = %s WHERE indexrelid = %s::regclass"
_INDEXES = """
SELECT indexrelid::regclass::text FROM pg_index WHERE indrelid = %s::regclass
ORDER BY indisexclusion DESC, indexrelid
"""
#: Two stretches of one unit that touch the same time: none, or the country is wrong.
_OVERLAPS = """
SELECT count(*) FROM (
  SELECT busy && lag(busy) OVER (PARTITION BY unit_id ORDER BY busy) AS clash
  FROM availability_occupiedunit) AS pairs WHERE clash
"""


def connect() -> psycopg.Connection[Any]:
    """As the cluster's own administrator: a cluster made for this country alone, or for tests."""
    params = connection.get_connection_params()
    where = {"host": params.get("host"), "port": params.get("port"), "dbname": params["dbname"]}
    try:
        found = psycopg.connect(user="postgres", autocommit=True, **where)
    except psycopg.OperationalError:  # a server where our own role may do everything
        found = psycopg.connect(user=params.get("user"), autocommit=True, **where)
    found.execute("SET session_replication_role = replica")
    return found


def fill(
    link: psycopg.Connection[Any], model: type[Model], n: int, columns: Mapping[str, Any]
) -> None:
    """Rows of an empty table; its indexes are left to `indexes_of` and `reindex`.

    CLUSTER gives it a new file in this transaction: what is written there needs no journal, and is
    frozen from the start.
    """
    table, began = model._meta.db_table, time.monotonic()
    names = sql.SQL(", ").join(sql.Identifier(name_of(field)) for field in fields_of(model))
    copy = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT binary, FREEZE)")
    with link.transaction(), link.cursor() as cursor:
        names_of = {"table": sql.Identifier(table), "key": sql.Identifier(_key_of(link, table))}
        cursor.execute(sql.SQL("CLUSTER {table} USING {key}").format(**names_of))
        cursor.execute(sql.SQL("ALTER TABLE {table} SET WITHOUT CLUSTER").format(**names_of))
        cursor.execute(_MARK, {"ready": False, "table": table})
        with cursor.copy(copy.format(sql.Identifier(table), names)) as stream:
            for number, block in enumerate(blocks(model, n, columns)):
                stream.write(block)
                if n >= LARGE:
                    progress(f"rows of {table}", min(number * BLOCK, n), n)
        if "id" in columns:
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", (table, max(n, 1))
            )
    if n >= LARGE:
        figure(f"build.{table}.rows", time.monotonic() - began, "s")


def _key_of(link: psycopg.Connection[Any], table: str) -> str:
    query = "SELECT indexrelid::regclass::text FROM pg_index WHERE indrelid = %s::regclass"
    row = link.execute(f"{query} AND indisprimary", (table,)).fetchone()
    assert row is not None
    return str(row[0])


def indexes_of(link: psycopg.Connection[Any], table: str) -> list[str]:
    return [name for (name,) in link.execute(_INDEXES, (table,))]


def reindex(link: psycopg.Connection[Any], index: str, rows: int) -> None:
    began = time.monotonic()
    row = link.execute(_EXCLUDES, (index,)).fetchone()
    excludes = row is not None and row[0]
    if excludes:
        link.execute(_SET_EXCLUDES, (False, index))
    link.execute(sql.SQL("REINDEX INDEX {}").format(sql.Identifier(index)))
    if excludes:
        link.execute(_SET_EXCLUDES, (True, index))
    if rows >= LARGE:
        figure(f"build.index.{index}", time.monotonic() - began, "s")


def fill_whole(
    link: psycopg.Connection[Any], model: type[Model], n: int, columns: Mapping[str, Any]
) -> None:
    """Rows and indexes of a table that is not one of the largest."""
    fill(link, model, n, columns)
    for index in indexes_of(link, model._meta.db_table):
        reindex(link, index, n)


def overlaps(link: psycopg.Connection[Any]) -> int:
    """Pairs of rows that the exclusion constraint would have refused."""
    link.execute("SET work_mem = '1GB'")
    row = link.execute(_OVERLAPS).fetchone()
    return int(row[0]) if row else 0
