"""Rows into the real tables by COPY, under their own constraints and triggers."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import psycopg
from django.db import connection
from django.db.models import NOT_PROVIDED, Field, GeneratedField, JSONField, Model
from psycopg import sql
from psycopg.types.json import Jsonb

from bench.figures import figure


def copy(model: type[Model], rows: Iterable[Mapping[str, Any]]) -> int:
    """Fill a table; what a row does not say is null, or the field's default."""
    began = time.monotonic()
    fields = [one for one in model._meta.local_concrete_fields if _is_written(one)]
    columns = sql.SQL(", ").join(sql.Identifier(str(one.column)) for one in fields)
    table = model._meta.db_table
    words = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), columns)
    makers = [(one.attname, _usual(one), isinstance(one, JSONField)) for one in fields]
    count = 0
    link: psycopg.Connection[Any] = connection.connection
    with link.cursor() as cursor, cursor.copy(words) as stream:
        for row in rows:
            count += 1
            stream.write_row([_value(row, *maker) for maker in makers])
    if any(one.attname == "id" for one in fields):
        with connection.cursor() as django_cursor:
            django_cursor.execute(
                "SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [table, max(count, 1)]
            )
    figure(f"build.{table}.rows", count, "rows")
    figure(f"build.{table}.seconds", time.monotonic() - began, "s")
    return count


def _is_written(field: Field[Any, Any]) -> bool:
    # A search vector is a trigger's to write.
    return (
        bool(field.column)
        and not isinstance(field, GeneratedField)
        and field.get_internal_type() != "SearchVectorField"
    )


def _usual(field: Field[Any, Any]) -> Callable[[], Any]:
    default = field.default
    if default is NOT_PROVIDED:
        nothing = "" if field.empty_strings_allowed and not field.null else None
        return lambda: nothing
    return default if callable(default) else lambda: default


def _value(row: Mapping[str, Any], name: str, usual: Callable[[], Any], is_json: bool) -> Any:
    value = row[name] if name in row else usual()
    return Jsonb(value) if is_json else value
