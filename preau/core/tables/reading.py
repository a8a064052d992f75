"""Reading a CSV or XLSX file row by row, whatever spreadsheet wrote it, within limits.

Rows come one at a time: memory follows the file that was sent, not what it holds.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from preau.core.errors import Refusal
from preau.core.tables.cells import clean

MEGABYTE = 1024 * 1024
SEPARATORS = ";,\t|"
#: A workbook is a zip: what it may unfold to, so that a small file cannot fill the memory.
MOST_UNFOLDED = 400 * MEGABYTE
MOST_COLUMNS = 200
_ZIP = b"PK\x03\x04"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True, slots=True)
class Row:
    """One row that says something; its number is the one a spreadsheet shows."""

    number: int
    cells: list[str]


@dataclass(frozen=True, slots=True)
class Table:
    """The headings, then the rows, read as they are asked for."""

    headings: list[str]
    rows: Iterator[Row]


def sheets(content: bytes) -> list[str]:
    """The names of the visible sheets of a workbook; none for a CSV."""
    if not content.startswith(_ZIP):
        return []
    book = _workbook(content)
    names = [one.title for one in book.worksheets if one.sheet_state == "visible"]
    book.close()
    return names


def read(content: bytes, *, most_bytes: int, sheet: str = "") -> Table:
    """The first row that says something names the columns.

    Args:
        sheet: of a workbook; the first visible one when empty.

    Raises:
        Refusal: the file as a whole cannot be read. Reading on may raise it too.
    """
    refuse_weight(content, most_bytes)
    rows = _sheet_rows(content, sheet) if content.startswith(_ZIP) else rows_of(decoded(content))
    first = next(rows, None)
    if first is None:
        raise Refusal("Ce fichier est vide.", field="file", code="empty")
    if len(first.cells) > MOST_COLUMNS:
        raise Refusal(
            f"Ce fichier a plus de {MOST_COLUMNS} colonnes. Gardez celles qui servent.",
            field="file",
            code="too_wide",
        )
    return Table(first.cells, rows)


def refuse_weight(content: bytes, most_bytes: int) -> None:
    """
    Raises:
        Refusal: the file is too heavy.
    """
    if len(content) > most_bytes:
        raise Refusal(
            f"Ce fichier pèse plus de {most_bytes // MEGABYTE}\u00a0Mo. Coupez-le en plusieurs.",
            field="file",
            code="too_heavy",
        )


def decoded(content: bytes, what_it_is_not: str = "pas un CSV") -> str:
    """The text, in UTF-8, in UTF-16 with its mark, or as Windows spreadsheets write it in France.

    Raises:
        Refusal: no text.
    """
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        try:
            return content.decode("utf-16")
        except UnicodeDecodeError:
            pass
    if b"\0" in content:
        old = " Ce classeur est à l’ancien format .xls." if content[:4] == _OLD_EXCEL else ""
        raise Refusal(
            f"Ce fichier n’est {what_it_is_not}.{old} Dans votre tableur, choisissez "
            "« Enregistrer sous », puis CSV.",
            field="file",
            code="not_a_table",
        )
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def separator_of(text: str) -> str:
    """What parts the columns: whatever the first line has most of."""
    first = text.lstrip("\ufeff\r\n").partition("\n")[0]
    return max(SEPARATORS, key=first.count)


def rows_of(text: str) -> Iterator[Row]:
    """The rows of a CSV that say something, with their numbers as a spreadsheet shows them.

    Raises:
        Refusal: a quote is not closed.
    """
    text = text.lstrip("\ufeff")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator_of(text))
    number = 0
    try:
        for row in reader:
            number += 1
            cells = [clean(cell) for cell in row]
            if any(cells):
                yield Row(number, cells)
    except csv.Error as error:
        raise Refusal(
            f"Après la ligne {number}, le fichier n’est plus lisible : un guillemet n’est "
            "peut-être pas fermé.",
            field="file",
            code="broken",
        ) from error


def _workbook(content: bytes) -> Any:
    broken = Refusal(
        "Ce fichier n’est pas un classeur lisible. Dans votre tableur, choisissez « Enregistrer "
        "sous », puis XLSX ou CSV.",
        field="file",
        code="not_a_table",
    )
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(one.file_size for one in archive.infolist()) > MOST_UNFOLDED:
                raise Refusal(
                    "Ce classeur est trop grand. Enregistrez en CSV la feuille à importer.",
                    field="file",
                    code="too_heavy",
                )
        return load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    except Refusal:
        raise
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, OSError) as error:
        raise broken from error
    except Exception as error:  # an XML parser's own errors, in a file made to be broken
        raise broken from error


def _sheet_rows(content: bytes, name: str) -> Iterator[Row]:
    book = _workbook(content)
    try:
        visible = [one for one in book.worksheets if one.sheet_state == "visible"]
        named = [one for one in visible if one.title == name] if name else visible
        if not named:
            raise Refusal(
                "Ce classeur n’a pas cette feuille." if name else "Ce classeur est vide.",
                field="sheet" if name else "file",
                code="no_sheet",
            )
        # Some writers state a wrong size: what is there is read, whatever was said.
        named[0].reset_dimensions()
        for number, values in enumerate(named[0].iter_rows(values_only=True), start=1):
            cells = _trimmed([written(value) for value in values])
            if cells:
                yield Row(number, cells)
    finally:
        book.close()


def written(value: Any) -> str:
    """A cell of a workbook as its reader would type it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, datetime):
        has_hour = value.time() != time()
        return value.isoformat(" ", "minutes") if has_hour else value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value).replace(".", ",")
    return clean(str(value))


def _trimmed(cells: Sequence[str]) -> list[str]:
    """Without the empty cells at the end: formatting makes rows of thousands of them."""
    last = next((n for n in range(len(cells), 0, -1) if cells[n - 1]), 0)
    return list(cells[:last])
