"""Records cut into bodies that a Grist server reads, holding one body in memory at a time.

The server reads 1 MB (1,048,576 bytes) and works through one body at once, for all who share the
document: https://support.getgrist.com/api/#tag/records
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from preau.integrations.grist.cells import Cell, Value, cells
from preau.integrations.http import json_bytes

#: Records in one body, and its bytes: under the server's megabyte, however it counts it.
ROWS = 200
SIZE = 1_000_000
_OPENING, _CLOSING = b'{"records":[', b"]}"


class RecordTooLarge(ValueError):
    """One record alone is over the limit. `position` is its rank in what was given, from 0."""

    def __init__(self, position: int) -> None:
        super().__init__(f"record {position} is too large")
        self.position = position


class RequireRepeated(ValueError):
    """Two records of one body ask for the same row: the server would refuse them all.

    `position` is the rank of the second one in what was given, from 0.
    """

    def __init__(self, position: int) -> None:
        super().__init__(f"record {position} requires what another does")
        self.position = position


@dataclass(frozen=True, slots=True)
class Upsert:
    """The row to find, or to add, and what to write in it.

    Attributes:
        require: column → value that finds the row; a row added gets these too. Never empty.
        fields: column → value to write; wins over `require` in a row that is added.
    """

    require: Mapping[str, Value]
    fields: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Update:
    """A row that is known, and what to write in it."""

    id: int
    fields: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Batch:
    """A body ready to send. `rows` records; `again`: sending it twice is sending it once."""

    content: bytes = field(repr=False)
    rows: int
    again: bool


B = TypeVar("B", bound=Batch)


class Additions(Batch):
    """For `Document.add`."""


class Updates(Batch):
    """For `Document.update`."""


class Upserts(Batch):
    """For `Document.upsert`."""


@dataclass(frozen=True, slots=True)
class _Part:
    """A record as it will travel, what may not be twice in a body, and what a body shares."""

    content: bytes
    unique: Hashable = None
    shape: Hashable = None
    again: bool = True


def additions(
    records: Iterable[Mapping[str, Value]], *, rows: int = ROWS, size: int = SIZE
) -> Iterator[Additions]:
    """Bodies of new records (column → value), in order.

    Raises:
        RecordTooLarge, ValueError: as `upserts`.
    """
    parts = (_Part(json_bytes({"fields": cells(one)}), again=False) for one in records)
    return _cut(parts, Additions, rows, size)


def updates(records: Iterable[Update], *, rows: int = ROWS, size: int = SIZE) -> Iterator[Updates]:
    """Bodies of updates by row id, in order; the server wants one set of columns in each.

    Raises:
        RecordTooLarge, ValueError: as `upserts`.
    """
    parts = (
        _Part(json_bytes({"id": one.id, "fields": cells(one.fields)}), shape=frozenset(one.fields))
        for one in records
    )
    return _cut(parts, Updates, rows, size)


def upserts(records: Iterable[Upsert], *, rows: int = ROWS, size: int = SIZE) -> Iterator[Upserts]:
    """Bodies of records to add or update, in order, nothing lost.

    What two bodies both require is written twice, the last one wins; within one body it is an
    error, and the body is not made. Those already made may have been sent: an upsert that starts
    again from any of them ends the same.

    Args:
        rows: records in one body, at most.
        size: bytes of one body, at most.

    Raises:
        RequireRepeated: within one body.
        RecordTooLarge: a record that fits in no body.
        ValueError: an empty `require`, or a value that no cell can hold (`cells.cell`).
    """
    return _cut((_upsert(one) for one in records), Upserts, rows, size)


def _upsert(one: Upsert) -> _Part:
    if not one.require:
        raise ValueError("an upsert requires nothing: it would find every row")
    require = cells(one.require)
    return _Part(
        json_bytes({"require": require, "fields": cells(one.fields)}),
        unique=frozenset((column, _hashable(value)) for column, value in require.items()),
        # What changes the values that it is found by is not found by them twice.
        again=not one.require.keys() & one.fields.keys(),
    )


def _cut(
    parts: Iterable[_Part], kind: Callable[[bytes, int, bool], B], rows: int, size: int
) -> Iterator[B]:
    if rows < 1:
        raise ValueError("a body holds one record at least")
    empty = len(_OPENING) + len(_CLOSING)
    held: list[_Part] = []
    length, uniques = empty, set[Hashable]()
    for position, part in enumerate(parts):
        if empty + len(part.content) > size:
            raise RecordTooLarge(position)
        more = len(part.content) + 1
        if held and (len(held) == rows or length + more > size or part.shape != held[0].shape):
            yield _body(held, kind)
            held, length = [], empty
            uniques.clear()
        if part.unique is not None and part.unique in uniques:
            raise RequireRepeated(position)
        uniques.add(part.unique)
        length += len(part.content) + bool(held)
        held.append(part)
    if held:
        yield _body(held, kind)


def _body(held: list[_Part], kind: Callable[[bytes, int, bool], B]) -> B:
    content = _OPENING + b",".join(part.content for part in held) + _CLOSING
    return kind(content, len(held), all(part.again for part in held))


def _hashable(value: Cell) -> Hashable:
    return tuple(_hashable(item) for item in value) if isinstance(value, list) else value
