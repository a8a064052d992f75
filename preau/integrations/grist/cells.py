"""Python values as Grist cells, and back.

A cell is null, a boolean, a number, a string, or a list whose first item is a letter saying what
the rest is (`["L", …]`: a list). Dates are seconds since 1970-01-01T00:00Z:
https://support.getgrist.com/code/modules/GristData/
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TypeAlias
from uuid import UUID

#: What a client may write. A sequence is a ChoiceList (strings) or a ReferenceList (row ids).
Value: TypeAlias = (
    bool | int | float | Decimal | str | date | datetime | UUID | Sequence[str | int] | None
)
#: What travels.
Cell: TypeAlias = bool | int | float | str | list["Cell"] | None

#: JavaScript reads numbers as doubles: beyond, whole numbers lose their last digits.
LARGEST_INTEGER = 2**53 - 1
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_IDENTIFIER = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    Attributes:
        id: ASCII letters, digits, underscores. Anything else would be silently made into another
            id by the server, hence a ValueError here.
        type: `Text`, `Int`, `Numeric`, `Bool`, `Date`, `DateTime:Europe/Paris`, `Choice`,
            `ChoiceList`, `Ref:Table`, `RefList:Table`.
        label: what people read; the id when empty.
    """

    id: str
    type: str = "Text"
    label: str = ""

    def __post_init__(self) -> None:
        if not _IDENTIFIER.fullmatch(self.id) or self.id.lower() in {"id", "manualsort"}:
            raise ValueError("not an id that a column can have")

    def written(self) -> dict[str, object]:
        return {"id": self.id, "fields": {"label": self.label or self.id, "type": self.type}}


def cell(value: Value) -> Cell:
    """A value as Grist stores it.

    Raises:
        ValueError: a moment without its time zone, a number that is not one or that would lose
            digits, a string that is not text. Never says the value.
    """
    if value is None or isinstance(value, (bool, str)):
        return _text(value) if isinstance(value, str) else value
    if isinstance(value, (int, float, Decimal)):
        return _number(value)
    if isinstance(value, date):
        return _seconds(value)
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, Sequence) and not isinstance(value, (bytes, bytearray)):
        return ["L", *(cell(item) for item in value)]
    raise ValueError("not a value that a cell can hold")


def cells(values: Mapping[str, Value]) -> dict[str, Cell]:
    return {column: cell(value) for column, value in values.items()}


def read_date(found: Cell) -> date | None:
    """The day in a Date cell.

    Raises:
        ValueError: something else was typed there, which Grist keeps as a string.
    """
    moment = read_datetime(found)
    return None if moment is None else moment.date()


def read_datetime(found: Cell) -> datetime | None:
    """The moment in a DateTime cell, in UTC.

    Raises:
        ValueError: something else was typed there, which Grist keeps as a string.
    """
    if found is None or found == "":
        return None
    if isinstance(found, bool) or not isinstance(found, (int, float)):
        raise ValueError("not a date")
    try:
        return _EPOCH + timedelta(seconds=found)
    except OverflowError:
        raise ValueError("not a date") from None


def read_choices(found: Cell) -> tuple[str, ...]:
    """The choices in a ChoiceList cell.

    Raises:
        ValueError: something else was typed there.
    """
    if found is None or found == "":
        return ()
    if not isinstance(found, list) or found[:1] != ["L"]:
        raise ValueError("not a list of choices")
    choices = tuple(item for item in found[1:] if isinstance(item, str))
    if len(choices) != len(found) - 1:
        raise ValueError("not a list of choices")
    return choices


def _text(value: str) -> str:
    value.encode()  # a lone surrogate cannot travel: UnicodeEncodeError is a ValueError
    return str(value)


def _number(value: int | float | Decimal) -> int | float:
    if isinstance(value, int):
        if abs(value) > LARGEST_INTEGER:
            raise ValueError("a whole number that would lose digits: write it as text")
        return value
    number = float(value)
    if not math.isfinite(number):
        raise ValueError("not a number")
    return int(number) if number.is_integer() and abs(number) <= LARGEST_INTEGER else number


def _seconds(value: date) -> int | float:
    if not isinstance(value, datetime):
        return (value - _EPOCH.date()).days * 86_400
    if value.tzinfo is None:
        raise ValueError("a moment without its time zone")
    return _number((value - _EPOCH).total_seconds())
