"""Columns of numbers turned into PostgreSQL's binary COPY, a block of rows at a time.

A column is one value for every row, an array, or one of the classes below. What a model has and
nobody gives is null, or the field's default.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db import connection
from django.db.models import NOT_PROVIDED, Field, Model

HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)
TRAILER = b"\xff\xff"
BLOCK = 32_768
_NUMBERS = {
    "bigint": ">i8",
    "integer": ">i4",
    "smallint": ">i2",
    "double precision": ">f8",
    "timestamp with time zone": ">i8",
    "date": ">i4",
    "boolean": "u1",
}
_OIDS = {"smallint": 21, "varchar": 1043}
#: Microseconds from 1970 to PostgreSQL's own epoch, 2000.
EPOCH_MICROSECONDS = 946_684_800_000_000
_LOWER_INCLUDED = 2


@dataclass
class Nullable:
    """Null where `valid` is false."""

    values: Any
    valid: Any


@dataclass
class Choice:
    """A word for each row, by its number in the list."""

    words: list[str]
    numbers: Any


@dataclass
class Instants:
    """In quarter-hours since 1970."""

    quarters: Any


@dataclass
class Stretch:
    """Ranges [lower, upper) of instants, in quarter-hours since 1970."""

    lower: Any
    upper: Any


@dataclass
class Bits:
    """bit(100), thirteen bytes a row."""

    octets: Any


def stamps(quarters: Any) -> Any:
    """Quarter-hours since 1970 → microseconds since 2000."""
    return np.asarray(quarters, dtype=np.int64) * 900_000_000 - EPOCH_MICROSECONDS


def fields_of(model: type[Model]) -> list[Field[Any, Any]]:
    return [field for field in model._meta.local_concrete_fields if field.column]


def name_of(field: Field[Any, Any]) -> str:
    assert field.column is not None
    return str(field.column)


def blocks(model: type[Model], n: int, columns: Mapping[str, Any]) -> Iterator[bytes]:
    """The whole COPY, header and trailer included; columns are named as in the database."""
    fields = fields_of(model)
    unknown = set(columns) - {name_of(field) for field in fields}
    if unknown:
        raise ValueError(f"{model.__name__} has no {sorted(unknown)}")
    given = [
        (_type_of(f), columns[name_of(f)] if name_of(f) in columns else _usual(f)) for f in fields
    ]
    yield HEADER
    for start in range(0, n, BLOCK):
        end = min(start + BLOCK, n)
        yield _pack(end - start, [(kind, _slice(value, start, end)) for kind, value in given])
    yield TRAILER


def _usual(field: Field[Any, Any]) -> Any:
    if field.primary_key or field.null:
        return None
    default = field.default
    if default is not NOT_PROVIDED:
        return default() if callable(default) else default
    if field.empty_strings_allowed and field.get_internal_type() in {"CharField", "TextField"}:
        return ""
    raise ValueError(f"{field.model.__name__}.{field.column} is not given and has no default")


def _type_of(field: Field[Any, Any]) -> str:
    kind = field.db_type(connection)
    assert kind is not None
    return "varchar" if kind == "text" or (kind.startswith("varchar") and "[" not in kind) else kind


def _slice(value: Any, start: int, end: int) -> Any:
    if isinstance(value, Nullable):
        return Nullable(_slice(value.values, start, end), value.valid[start:end])
    if isinstance(value, Choice):
        return Choice(value.words, value.numbers[start:end])
    if isinstance(value, Instants):
        return Instants(value.quarters[start:end])
    if isinstance(value, Stretch):
        return Stretch(value.lower[start:end], value.upper[start:end])
    if isinstance(value, Bits):
        return Bits(value.octets[start:end])
    return value[start:end] if isinstance(value, np.ndarray) else value


def _pack(n: int, columns: list[tuple[str, Any]]) -> bytes:
    layout: list[tuple[Any, ...]] = [("n", ">i2")]
    made = [_encode(kind, value, n) for kind, value in columns]
    for number, (dtype, _, _) in enumerate(made):
        layout.append((f"l{number}", ">i4"))
        if dtype is not None:
            layout.append((f"d{number}", dtype))
    rows = np.zeros(n, dtype=np.dtype(layout))
    rows["n"] = len(columns)
    ragged = []
    for number, (dtype, data, lengths) in enumerate(made):
        rows[f"l{number}"] = lengths
        if dtype is None:
            continue
        rows[f"d{number}"] = data
        if isinstance(lengths, np.ndarray):
            ragged.append((rows.dtype.fields[f"d{number}"][1], dtype, lengths))  # type: ignore[index]
    return _compact(rows, ragged) if ragged else rows.tobytes()


def _compact(rows: Any, ragged: list[tuple[int, Any, Any]]) -> bytes:
    """Without the room that shorter values leave."""
    octets = rows.view(np.uint8).reshape(len(rows), rows.dtype.itemsize)
    kept = np.ones(octets.shape, dtype=bool)
    for offset, dtype, lengths in ragged:
        width = np.dtype(dtype).itemsize
        kept[:, offset : offset + width] = np.arange(width) < lengths[:, None]
    return bytes(octets[kept].tobytes())


def _encode(kind: str, value: Any, n: int) -> tuple[Any, Any, Any]:
    """(type of the data, data, length of each: one for all, or an array)."""
    found: tuple[Any, Any, Any]
    match value:
        case None:
            found = None, None, -1
        case Nullable():
            dtype, data, lengths = _encode(kind, value.values, n)
            found = dtype, data, np.where(value.valid, lengths, -1)
        case Instants():
            found = ">i8", stamps(value.quarters), 8
        case Stretch():
            found = _stretches(value)
        case Bits():
            found = _bits(value)
        case Choice():
            words = [word.encode() for word in value.words]
            sizes = np.array([len(word) for word in words])
            found = np.array(words).dtype, np.array(words)[value.numbers], sizes[value.numbers]
        case _ if kind in _NUMBERS:
            found = _NUMBERS[kind], value, np.dtype(_NUMBERS[kind]).itemsize
        case np.ndarray():
            found = value.dtype, value, np.char.str_len(value)
        case _:
            octets = _constant(kind, value)
            data = np.frombuffer(octets, np.uint8) if octets else None
            found = (np.uint8, (len(octets),)) if octets else None, data, len(octets)
    return found


def _constant(kind: str, value: Any) -> bytes:
    if kind == "jsonb":
        return b"\x01" + (b"[]" if value == [] else b"{}")
    if kind.endswith("[]"):
        return _array(kind, value)
    return str(value).encode()


def _array(kind: str, values: list[Any]) -> bytes:
    head = struct.pack(">iiiii", 1, 0, _OIDS[re.split(r"[(\[]", kind)[0]], len(values), 1)
    items = [
        struct.pack(">ih", 2, value)
        if isinstance(value, int)
        else struct.pack(">i", len(value.encode())) + value.encode()
        for value in values
    ]
    return head + b"".join(items)


def _stretches(value: Stretch) -> tuple[Any, Any, int]:
    dtype = np.dtype([("f", "u1"), ("a", ">i4"), ("l", ">i8"), ("b", ">i4"), ("u", ">i8")])
    data = np.empty(len(value.lower), dtype)
    data["f"], data["a"], data["b"] = _LOWER_INCLUDED, 8, 8
    data["l"], data["u"] = stamps(value.lower), stamps(value.upper)
    return dtype, data, dtype.itemsize


def _bits(value: Bits) -> tuple[Any, Any, int]:
    dtype = np.dtype([("n", ">i4"), ("o", "u1", (13,))])
    data = np.empty(len(value.octets), dtype)
    data["n"], data["o"] = 100, value.octets
    return dtype, data, dtype.itemsize


def texts(words: list[str]) -> Any:
    """UTF-8 words as an array."""
    return np.array([word.encode() for word in words] or [b""])[: len(words)]
