"""Inserting rows the short way: one statement, composed once for each table and number of rows.

For the tables that every booking writes: Django composes the same statement anew each time, which
costs more than the database does to run it. What the models say of their columns is respected;
nothing here listens to `save`, and no signal is sent.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Model

Row = TypeVar("Row", bound=Model)


def insert(rows: Sequence[Row], *, unless: Sequence[str] = ()) -> list[Row]:
    """Write new rows and give them their keys; those written.

    Args:
        unless: the names of unique fields that tell the rows apart; a row that some unique value
            is there of already is not written.
    """
    if not rows:
        return []
    model = type(rows[0])
    statement, fields, key = _statement(model, len(rows), tuple(unless))
    values = [
        field.get_db_prep_save(field.pre_save(row, add=True), connection)
        for row in rows
        for field in fields
    ]
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        found = cursor.fetchall()
    if unless:
        new = {tuple(rest): pk for pk, *rest in found}
        ids = [new.pop(tuple(getattr(row, name) for name in key), None) for row in rows]
    else:
        ids = [pk for (pk,) in found]
    written = []
    for row, pk in zip(rows, ids, strict=True):
        if pk is not None:
            row.pk = pk
            row._state.adding, row._state.db = False, connection.alias
            written.append(row)
    return written


@lru_cache(maxsize=200)
def _statement(
    model: type[Model], count: int, unless: tuple[str, ...]
) -> tuple[str, tuple[Any, ...], tuple[str, ...]]:
    """The SQL, the fields in order, and the attributes of the unique fields."""
    quote, meta = connection.ops.quote_name, model._meta
    assert meta.pk is not None
    fields: tuple[Any, ...] = tuple(one for one in meta.local_concrete_fields if one is not meta.pk)
    places = [
        one.get_placeholder(None, None, connection) if hasattr(one, "get_placeholder") else "%s"
        for one in fields
    ]
    unique: list[Any] = [meta.get_field(name) for name in unless]
    columns = ", ".join(quote(str(one.column)) for one in fields)
    row = f"({', '.join(places)})"
    returned = ", ".join(quote(str(one.column)) for one in (meta.pk, *unique))
    conflict = " ON CONFLICT DO NOTHING" if unless else ""
    statement = (
        f"INSERT INTO {quote(meta.db_table)} ({columns})"  # noqa: S608  names of the models
        f" VALUES {', '.join([row] * count)}{conflict} RETURNING {returned}"
    )
    return statement, fields, tuple(one.attname for one in unique)
