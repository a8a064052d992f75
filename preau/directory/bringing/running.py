"""Going through a list part by part: checking, bringing in, taking back. Each part is committed by
itself, so that stopping, or a worker that dies, loses nothing and doubles nothing."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import partial

from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.db.models import Count, Model

from preau.accounts.actors import SYSTEM, Actor
from preau.core import clock
from preau.core.errors import Refusal
from preau.directory.bringing import writing
from preau.directory.bringing.enums import WRITTEN, Doubles, LineState
from preau.directory.bringing.known import Known
from preau.directory.bringing.reading_lines import Wanted, is_left, judge, understand
from preau.directory.models import (
    ListedFields,
    ServiceOffer,
    Sheet,
    SheetBatch,
    SheetChange,
    SheetDay,
    SheetException,
    SheetHours,
    SheetLine,
    SheetPair,
    SheetReference,
)

PART = 500
#: What bringing in makes beside a sheet: model → how many rows, None for any number.
_OURS: dict[type[Model], int | None] = {
    SheetChange: 1,
    SheetReference: 1,
    ListedFields: 1,
    SheetHours: None,
    SheetException: None,
    SheetDay: None,
    ServiceOffer: None,
    SheetPair: None,
}
#: One statement for a part.
_KEEP = """
UPDATE directory_sheetline AS line SET state = said.state, expected = said.expected,
    problems = said.problems, remarks = said.remarks, sheet_id = said.sheet_id,
    "like" = said."like", "before" = said."before", written_at = said.written_at
FROM jsonb_to_recordset(%s::jsonb) AS said(id bigint, state text, expected text, problems jsonb,
    remarks jsonb, sheet_id bigint, "like" jsonb, "before" jsonb, written_at timestamptz)
WHERE line.id = said.id
"""


def check(batch: SheetBatch, *, actor: Actor) -> bool:
    """Say of each line what it would do. False when somebody stopped it."""
    known = Known(batch.source)
    seen: dict[str, int] = {}
    for lines in _parts(batch):
        for line, wanted in understand(batch, lines, known):
            _refuse_twice(line, wanted, seen)
            judge(batch, line, wanted)
        _keep(lines)
        if not _advance(batch, len(lines)):
            return False
    return True


def _refuse_twice(line: SheetLine, wanted: Wanted, seen: dict[str, int]) -> None:
    """An identifier given in another part of the same file."""
    name = wanted.record.external_id
    first = seen.setdefault(name, line.number)
    if name and first != line.number and not wanted.record.problems:
        wanted.record.wrong("identifiant", f"Déjà donné à la ligne {first}.")


def _keep(lines: Sequence[SheetLine]) -> None:
    """Write what became of these lines."""
    names = ("state", "expected", "problems", "remarks", "sheet_id", "like", "before")
    said = [
        {name: getattr(line, name) for name in names}
        | {"id": line.pk, "written_at": line.written_at.isoformat() if line.written_at else None}
        for line in lines
    ]
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, [json.dumps(said)])


def _parts(batch: SheetBatch) -> Iterator[list[SheetLine]]:
    last = 0
    while lines := list(batch.lines.filter(number__gt=last).order_by("number")[:PART]):
        yield lines
        last = lines[-1].number


def _advance(batch: SheetBatch, number: int) -> bool:
    """Count, and see whether somebody asked to stop."""
    batch.done = min(batch.done + number, batch.total)
    mine = SheetBatch.objects.filter(pk=batch.pk, state=batch.state)
    mine.update(done=batch.done, told_at=clock.now())
    return mine.filter(stop_asked=False).exists()  # given up meanwhile: neither


def run(batch: SheetBatch, *, actor: Actor) -> bool:
    """Bring in every line that can be. False when somebody stopped it: it goes on from there."""
    known = Known(batch.source)
    while True:
        with transaction.atomic():
            waiting = batch.lines.select_for_update(skip_locked=True).filter(state=LineState.TO_DO)
            lines = list(waiting.order_by("number")[:PART])
            if not lines:
                return True
            _bring(batch, lines, known, actor)
            _keep(lines)
        if not _advance(batch, len(lines)):
            return False


def _bring(batch: SheetBatch, lines: list[SheetLine], known: Known, actor: Actor) -> None:
    new = []
    for line, wanted in understand(batch, lines, known):
        judge(batch, line, wanted)  # things change between the check and now
        if line.state == LineState.REJECTED:
            continue
        if is_left(batch, wanted):
            line.state = LineState.LEFT
        elif wanted.sheet is None or (wanted.like and batch.doubles == Doubles.CREATE):
            new.append((line, wanted))
        elif wanted.like is not None:
            _alone(line, partial(writing.attach, batch, line, wanted, actor))
        elif wanted.is_same:
            line.state = LineState.SAME
        else:
            _alone(line, partial(writing.update, batch, line, wanted, actor))
    try:
        with transaction.atomic():
            writing.create(batch, new, known.communes, actor)
    except IntegrityError:  # one of them: the others come in all the same
        for pair in new:
            _alone(pair[0], partial(writing.create, batch, [pair], known.communes, actor))


def _alone(line: SheetLine, write: Callable[[], None]) -> None:
    """One line in its own savepoint: what is wrong with it stays its own."""
    try:
        with transaction.atomic():
            write()
    except Refusal as refusal:
        writing.reject(line, refusal.sentence)
    except IntegrityError:
        writing.reject(line, "Ces valeurs ne vont pas ensemble, ou cet identifiant est déjà pris.")


# --- Taking back


def undo(batch: SheetBatch, *, actor: Actor) -> bool:
    """Take back what it wrote and nobody has touched since; the rest stays."""
    last = 0
    while True:
        with transaction.atomic():
            made = batch.lines.filter(state__in=WRITTEN, number__gt=last)
            lines = list(made.order_by("number")[:PART])
            if not lines:
                return True
            _take_back(batch, lines)
            last = lines[-1].number
        if not _advance(batch, len(lines)):
            return False


def _take_back(batch: SheetBatch, lines: list[SheetLine]) -> None:
    keys = [line.sheet_id for line in lines if line.sheet_id is not None]
    locked = Sheet.objects.select_for_update(of=("self",)).filter(pk__in=keys)
    sheets = {one.pk: one for one in locked.select_related("commune", "manager")}
    untouched = [
        line
        for line in lines
        if line.sheet_id in sheets and sheets[line.sheet_id].updated_at == line.written_at
    ]
    made = [line for line in untouched if line.state == LineState.CREATED]
    at_work = touched([line.sheet_id for line in made if line.sheet_id])
    gone = [line for line in made if line.sheet_id not in at_work]
    _delete([line.sheet_id for line in gone if line.sheet_id])
    for line in untouched:
        if line.state != LineState.CREATED:
            _give_back(batch, line, sheets[line.sheet_id or 0])
            gone.append(line)
    for line in gone:
        line.state, line.before = LineState.UNDONE, None
    _keep(gone)


def _delete(keys: list[int]) -> None:
    with connection.cursor() as cursor:  # what the guard of the history lets through
        cursor.execute("SELECT set_config('preau.undoing_list', 'yes', true)")
        Sheet.objects.filter(pk__in=keys).delete()
        cursor.execute("SELECT set_config('preau.undoing_list', '', true)")


def _give_back(batch: SheetBatch, line: SheetLine, sheet: Sheet) -> None:
    writing.give_back(batch, sheet, line.before, SYSTEM)
    if line.state == LineState.ATTACHED:
        sheet.references.filter(source=batch.source).delete()
        ListedFields.objects.filter(sheet=sheet, source=batch.source).delete()


def touched(keys: Sequence[int]) -> set[int]:
    """Those beside which there is more than what bringing in made: somebody has worked there."""
    found: set[int] = set()
    for model, name in _pointing():
        counted = Counter[int]()
        rows = model._base_manager.filter(**{f"{name}__in": keys}).values(name)
        for row in rows.annotate(number=Count("*")).order_by():
            counted[row[name]] = row["number"]
        most = _OURS.get(model, 0)
        if most is not None:
            found |= {key for key, number in counted.items() if number > most}
    return found


def _pointing() -> Iterator[tuple[type[Model], str]]:
    """(model, field) of all that points to a sheet, in whatever room."""
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.local_fields:
            if field.related_model is Sheet:
                yield model, field.name
