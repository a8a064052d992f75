"""A list written again in its own format, as the directory has it now."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from preau.core import clock
from preau.directory.formats import files
from preau.directory.formats.inclusion import INCLUSION
from preau.directory.formats.own import OWN
from preau.directory.formats.records import Format, Record, Row, again
from preau.directory.models import ListedFields, Sheet, SheetBatch, SheetReference
from preau.directory.queries.records import records_of

PAGE = 500


def list_file(batch: SheetBatch) -> tuple[Iterator[str], str, str]:
    """The text, its media type and the ending of its name; a table comes back as our own CSV."""
    form = files.FORMATS.get(batch.format, OWN)
    rows = list_rows(batch.source, form)
    if form is INCLUSION:
        return files.inclusion_text(rows), "application/json; charset=utf-8", "json"
    return files.csv_text(form.columns, rows), "text/csv; charset=utf-8", "csv"


def list_rows(source: str, form: Format) -> Iterator[Row]:
    """The rows of a list, in the order in which its sheets were made."""
    today = clock.today(ZoneInfo("Europe/Paris"))
    last = 0
    while True:
        found = SheetReference.objects.filter(source=source, pk__gt=last).order_by("pk")
        page = list(found.select_related("sheet__commune")[:PAGE])
        if not page:
            return
        last = page[-1].pk
        yield from _rows(page, source, form, today)


def _rows(page: list[SheetReference], source: str, form: Format, today: date) -> Iterator[Row]:
    sheets: list[Sheet] = [one.sheet for one in page]
    listed = ListedFields.objects.filter(sheet__in=sheets, source=source, format=form.key)
    raw: dict[int, Any] = dict(listed.values_list("sheet", "values"))
    for reference, record in zip(page, records_of(sheets), strict=True):
        record.external_id = reference.external_id
        said = raw.get(reference.sheet_id)
        yield given_back(form, record, said, today) if said else form.write(record)


def given_back(form: Format, record: Record, said: Row, today: date) -> Row:
    """The row of a list: as it came, but for what has changed on the sheet since."""
    then = form.read(said, today)
    # What bringing in settles by itself is no change.
    then.commune_code = then.commune_code or record.commune_code
    then.commune_name, then.postcode = record.commune_name, then.postcode or record.postcode
    changed_on, record.told_on = record.told_on, then.told_on
    now, made = form.write(record), form.write(then)
    if now == made:
        return again(now, made, said)
    record.told_on = changed_on
    return again(form.write(record), made, said)
