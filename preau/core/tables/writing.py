"""Tables that open well in a French spreadsheet, and harm nobody."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from io import StringIO
from tempfile import TemporaryFile
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.writer.excel import ExcelWriter

from preau.core import clock

BOM = "\ufeff"
#: A `Decimal` keeps the decimals that it has: sums of money, « 92,00 ».
Cell = str | int | float | Decimal | date | datetime | None
#: What a spreadsheet would take for a formula.
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def harmless(value: object) -> str:
    """The text, kept from being run as a formula by a quote in front."""
    text = str(value)
    return f"'{text}" if text.lstrip(" \u00a0").startswith(_DANGEROUS) else text


def csv_lines(headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """The file, line by line: UTF-8 with its mark, semicolons, French dates and decimals."""
    yield BOM + _line(headings)
    for row in rows:
        yield _line([_typed(value) for value in row])


def _typed(value: Cell) -> str:
    if isinstance(value, datetime):
        return f"{value:%d/%m/%Y %H:%M}"
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, Decimal):
        return f"{value:f}".replace(".", ",")
    if isinstance(value, float):
        return f"{value:.15g}".replace(".", ",")  # all its figures: amounts run into millions
    return "" if value is None else harmless(value)


def _line(values: Sequence[str]) -> str:
    buffer = StringIO()
    csv.writer(buffer, delimiter=";", lineterminator="\r\n").writerow(values)
    return buffer.getvalue()


class _DatedZip(ZipFile):
    """Whose files all bear one instant, rather than that of their writing."""

    def __init__(self, file: IO[bytes], at: datetime) -> None:
        super().__init__(file, "w", ZIP_DEFLATED)
        self._stamp = (at.year, at.month, at.day, at.hour, at.minute, at.second)

    def open(self, name: str | ZipInfo, *args: Any, **kwargs: Any) -> IO[bytes]:
        if isinstance(name, ZipInfo):
            name.date_time = self._stamp
        return super().open(name, *args, **kwargs)


def xlsx_chunks(
    title: str,
    headings: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    *,
    at: datetime | None = None,
) -> Iterator[bytes]:
    """The workbook, written row by row to a file without a name, then read from it.

    Args:
        at: aware, the instant that it bears, now by default; the same makes the same bytes.
    """
    book = Workbook(write_only=True)
    at = (at or clock.now()).astimezone(UTC).replace(tzinfo=None, microsecond=0)
    book.properties.created = book.properties.modified = at
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    sheet.append(list(headings))
    for row in rows:
        sheet.append([_in_sheet(sheet, value) for value in row])
    with TemporaryFile() as out:
        ExcelWriter(book, _DatedZip(out, at)).save()
        out.seek(0)
        while chunk := out.read(1 << 16):
            yield chunk


def _in_sheet(sheet: object, value: Cell) -> object:
    if not isinstance(value, str):
        return value
    cell = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub(" ", harmless(value)))
    cell.data_type = "s"  # a text, whatever it looks like
    return cell
