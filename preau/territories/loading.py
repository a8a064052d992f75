"""Bring the reference tables to what `data/territories.zip` and the school calendar package say."""

from __future__ import annotations

import csv
import hashlib
import io
import zipfile
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.db.models import Model
from psycopg import sql
from vacances_scolaires_france import SchoolHolidayDates

from preau.territories import names
from preau.territories.events import school_holidays_changed
from preau.territories.models import (
    Commune,
    DataVersion,
    Departement,
    Epci,
    Region,
    SchoolHoliday,
)

ARCHIVE = Path(__file__).with_name("data") / "territories.zip"
CALENDAR_PACKAGE = "vacances-scolaires-france"
OFFICIAL_ZONES = ("A", "B", "C")
#: Called with the number of rows done and the number of rows to do.
Progress = Callable[[int, int], None]
Row = dict[str, Any]


def load_territories(progress: Progress = lambda done, total: None, *, force: bool = False) -> bool:
    """Load the communes and all above them. Returns False when nothing had changed."""
    digest = _digest(ARCHIVE, Path(names.__file__), Path(__file__))
    if not force and _is_loaded("territories", digest):
        return False
    tables = {name: list(_read(name)) for name in ("regions", "departements", "epcis", "communes")}
    total = sum(len(rows) for rows in tables.values())
    done = 0

    def counted(rows: list[Row]) -> Iterator[Row]:
        nonlocal done
        for row in rows:
            yield row
            done += 1
            if done % 500 == 0:
                progress(done, total)

    with transaction.atomic():
        _merge(Region, counted(tables["regions"]))
        _merge(Departement, counted(tables["departements"]))
        _merge(Epci, counted(tables["epcis"]))
        _merge(Commune, map(_with_keys, counted(tables["communes"])))
        _remember("territories", digest)
    with connection.cursor() as cursor:
        # Vacuum cannot run inside a transaction (tests); statistics are what matters.
        cursor.execute("ANALYZE territories_commune, territories_epci, territories_departement")
    progress(total, total)
    return True


def load_school_holidays(*, force: bool = False) -> bool:
    """Load what the package knows of zones A, B and C. Returns False when nothing had changed."""
    digest = f"{version(CALENDAR_PACKAGE)}-{_digest(Path(__file__))[:20]}"
    if not force and _is_loaded("school_holidays", digest):
        return False
    wanted = set(official_holidays())
    with transaction.atomic():
        known = {
            (row.zone, row.name, row.first_day, row.last_day): row.pk
            for row in SchoolHoliday.objects.all()
        }
        gone = [key for row, key in known.items() if row not in wanted]
        SchoolHoliday.objects.filter(pk__in=gone).delete()
        SchoolHoliday.objects.bulk_create(
            SchoolHoliday(zone=zone, name=name, first_day=first, last_day=last)
            for zone, name, first, last in sorted(wanted - known.keys())
        )
        _remember("school_holidays", digest)
        if gone or wanted - known.keys():
            school_holidays_changed.send(sender=SchoolHoliday)
    return True


def official_holidays() -> Iterator[tuple[str, str, date, date]]:
    """(zone, name, first day, last day) for every run of days of the same name in the package."""
    days = SchoolHolidayDates().data
    for zone in OFFICIAL_ZONES:
        run: list[date] = []
        for day in sorted(day for day, row in days.items() if row[f"vacances_zone_{zone.lower()}"]):
            goes_on = run and day == run[-1] + timedelta(days=1)
            if run and not (goes_on and _title(days[day]) == _title(days[run[0]])):
                yield zone, _title(days[run[0]]), run[0], run[-1]
                run = []
            run.append(day)
        if run:
            yield zone, _title(days[run[0]]), run[0], run[-1]


def _title(row: Row) -> str:
    return str(row["nom_vacances"]).replace("'", "’")


def _digest(*files: Path) -> str:
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def _is_loaded(name: str, digest: str) -> bool:
    return DataVersion.objects.filter(name=name, digest=digest).exists()


def _remember(name: str, digest: str) -> None:
    DataVersion.objects.update_or_create(name=name, defaults={"digest": digest})


def _read(table: str) -> Iterator[Row]:
    with zipfile.ZipFile(ARCHIVE) as archive, archive.open(f"{table}.csv") as raw:
        for row in csv.DictReader(io.TextIOWrapper(raw, "utf-8", newline="")):
            # References carry the column's name; an empty one means none.
            yield {_COLUMNS.get(key, key): value for key, value in row.items()}


_COLUMNS = {"region": "region_id", "departement": "departement_id", "epci": "epci_id"}
_MAY_BE_NULL = ("epci_id", "hall_latitude", "hall_longitude")


def _with_keys(row: Row) -> Row:
    key = names.search_key(row["name"])
    postcodes = row["postcodes"].split()
    row |= {
        "search_key": key,
        "typo_keys": names.typo_keys(key),
        "postcodes": postcodes,
        "postcode_starts": names.postcode_starts(postcodes),
    }
    return row | {column: row[column] or None for column in _MAY_BE_NULL}


def _merge(model: type[Model], rows: Iterable[Row]) -> None:
    """Copy the rows aside, then insert, update what differs, retire what has gone."""
    table = sql.Identifier(model._meta.db_table)
    incoming = sql.Identifier(f"incoming_{model._meta.model_name}")
    meta_key = model._meta.pk
    assert meta_key is not None
    key = sql.Identifier(meta_key.attname)
    rows = iter(rows)
    first = next(rows)
    columns = list(first)
    retires = any(field.name == "active" for field in model._meta.get_fields())
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL("CREATE TEMP TABLE {} ON COMMIT DROP AS SELECT {} FROM {} LIMIT 0").format(
                incoming, _list(columns), table
            )
        )
        with cursor.copy(
            sql.SQL("COPY {} ({}) FROM STDIN").format(incoming, _list(columns))
        ) as copy:
            copy.write_row(list(first.values()))
            for row in rows:
                copy.write_row([row[column] for column in columns])
        cursor.execute(_upsert(table, incoming, key, [*columns, *(["active"] if retires else [])]))
        if retires:
            cursor.execute(
                sql.SQL(
                    "UPDATE {table} SET active = false WHERE active AND NOT EXISTS"
                    " (SELECT 1 FROM {incoming} i WHERE i.{key} = {table}.{key})"
                ).format(table=table, incoming=incoming, key=key)
            )
        cursor.execute(sql.SQL("DROP TABLE {}").format(incoming))


def _upsert(
    table: sql.Identifier, incoming: sql.Identifier, key: sql.Identifier, columns: list[str]
) -> sql.Composed:
    values = [sql.SQL("true") if name == "active" else sql.Identifier(name) for name in columns]
    return sql.SQL(
        "INSERT INTO {table} AS old ({columns}) SELECT {values} FROM {incoming}"
        " ON CONFLICT ({key}) DO UPDATE SET ({columns}) = ROW({new})"
        " WHERE ROW({old}) IS DISTINCT FROM ROW({new})"
    ).format(
        table=table,
        incoming=incoming,
        key=key,
        columns=_list(columns),
        values=sql.SQL(", ").join(values),
        old=_list(columns, "old"),
        new=_list(columns, "excluded"),
    )


def _list(columns: list[str], prefix: str = "") -> sql.Composed:
    parts = [sql.Identifier(prefix, name) if prefix else sql.Identifier(name) for name in columns]
    return sql.SQL(", ").join(parts)
