"""A line of a list understood: what it says, what it would do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from preau.core import clock
from preau.directory.bringing.enums import Doubles, Expected, LineState
from preau.directory.bringing.known import Known
from preau.directory.duplicates import Likeness
from preau.directory.formats import any_table
from preau.directory.formats.files import FORMATS, TABLE
from preau.directory.formats.hours import Hours, same
from preau.directory.formats.records import Record, Row
from preau.directory.models import Sheet, SheetBatch, SheetLine

_PARIS = ZoneInfo("Europe/Paris")


@dataclass
class Wanted:
    """What a line says, and the sheet that it speaks of."""

    record: Record
    values: Row
    sheet: Sheet | None = None
    like: Likeness | None = None
    #: What the list says now and did not say last time.
    changes: dict[str, Any] = field(default_factory=dict)
    #: To the letter what the list said last time.
    is_same: bool = False

    @property
    def is_known(self) -> bool:
        return self.sheet is not None and self.like is None


def values_of(batch: SheetBatch, line: SheetLine) -> Row:
    return any_table.keyed(batch.mapping, line.cells)


def record_of(batch: SheetBatch, values: Row, today: date) -> Record:
    if batch.format == TABLE:
        return any_table.read(values, today, any_table.Defaults(**batch.defaults))
    return FORMATS[batch.format].read(values, today)


def understand(
    batch: SheetBatch, lines: Sequence[SheetLine], known: Known
) -> list[tuple[SheetLine, Wanted]]:
    """Every line of a part, with the sheet it is of."""
    today = clock.today(_PARIS)
    values = [values_of(batch, line) for line in lines]
    records = [record_of(batch, said, today) for said in values]
    known.prepare(records)
    seen: dict[str, int] = {}
    pairs = []
    for line, record, said in zip(lines, records, values, strict=True):
        first = seen.setdefault(record.external_id, line.number)
        if record.external_id and first != line.number:
            record.wrong("identifiant", f"Déjà donné à la ligne {first}.")
        pairs.append((line, _wanted(batch, record, said, known, today)))
    return pairs


def _wanted(batch: SheetBatch, record: Record, values: Row, known: Known, today: date) -> Wanted:
    wanted = Wanted(record, values)
    if record.problems:
        return wanted
    wanted.sheet = known.sheets.get(record.external_id)
    if wanted.sheet is None:
        if double := known.double(record):
            wanted.sheet, wanted.like = double
        return wanted
    listed = known.listed.get(wanted.sheet.pk)
    then = None
    if listed is not None and listed.format == batch.format:
        if listed.values == values:
            wanted.is_same = True
            return wanted
        then = record_of(batch, listed.values, today)
        known.communes.setdefault(wanted.sheet.commune_id, wanted.sheet.commune)
        then.commune_code = then.commune_code and known_code(known, then)
    wanted.changes = changes(record, then, wanted.sheet)
    return wanted


def known_code(known: Known, record: Record) -> str:
    """The commune of what the list said last time, found as that of what it says now."""
    known.settle(record)
    return record.commune_code


def changes(record: Record, then: Record | None, sheet: Sheet) -> dict[str, Any]:
    """What the list says differently from last time: somebody's own corrections since are kept."""
    if then is None:  # never read in this format: what differs from the sheet
        return {
            name: value for name, value in record.fields.items() if getattr(sheet, name) != value
        }
    found = {name: value for name, value in record.fields.items() if then.fields.get(name) != value}
    if (record.latitude, record.longitude) != (then.latitude, then.longitude):
        found["latitude"], found["longitude"] = record.latitude, record.longitude
    if record.commune_code != then.commune_code:
        found["commune"] = record.commune_code
    if record.postcode and record.postcode != then.postcode:
        found["postcode"] = record.postcode
    if _other_hours(record.hours, then.hours):
        found["hours"] = record.hours
    if record.offers is not None and record.offers != then.offers:
        found["offers"] = record.offers
    return found


def _other_hours(now: Hours | None, then: Hours | None) -> bool:
    if now is None:
        return False
    return then is None or now.text != then.text or not same(now, then)


def judge(batch: SheetBatch, line: SheetLine, wanted: Wanted) -> None:
    """What the line would do, written on it."""
    record = wanted.record
    line.problems = [list(one) for one in record.problems]
    line.remarks = [list(one) for one in record.remarks]
    line.expected, line.state, line.sheet_id, line.like = "", LineState.TO_DO, None, None
    if record.problems:
        line.state = LineState.REJECTED
        return
    if wanted.sheet is None:
        line.expected = Expected.CREATE
        return
    line.sheet_id = wanted.sheet.pk
    if wanted.like is None:
        line.expected = Expected.UPDATE if wanted.changes else Expected.SAME
        return
    line.expected = Expected.DOUBLE
    line.like = {
        "name": wanted.sheet.name,
        "score": wanted.like.score,
        "reasons": wanted.like.reasons,
    }


def is_left(batch: SheetBatch, wanted: Wanted) -> bool:
    return wanted.like is not None and batch.doubles == Doubles.LEAVE
