"""Going through a file part by part: checking, bringing in, taking back. Each part is committed by
itself, so that stopping, or a worker that dies, loses nothing and doubles nothing."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import partial

from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.db.models import Count, Model

from preau.accounts.actors import Actor
from preau.core.errors import Refusal
from preau.portfolio.bringing import writing
from preau.portfolio.bringing.enums import Expected, LineState
from preau.portfolio.bringing.known import Known
from preau.portfolio.bringing.lines import Wanted, understand
from preau.portfolio.bringing.models import BatchLine, ProjectBatch
from preau.projects.models import (
    Assignment,
    ExternalRef,
    Project,
    ProjectCommune,
    ProjectEvent,
    ProjectProgramme,
    ProjectText,
)

PART = 500
#: What bringing in makes beside a project: model → how many rows, None for any number.
_OURS: dict[type[Model], int | None] = {
    ProjectEvent: 1,
    Assignment: 2,
    ProjectCommune: None,
    ProjectProgramme: None,
    ExternalRef: None,
    ProjectText: None,
}
#: One statement for a part: `bulk_update` composes a case for each value, a minute for 40,000.
_KEEP = """
UPDATE portfolio_batchline AS line SET state = said.state, expected = said.expected,
    problems = said.problems, remarks = said.remarks, project_id = said.project_id,
    written_at = said.written_at
FROM jsonb_to_recordset(%s::jsonb) AS said(id bigint, state text, expected text, problems jsonb,
    remarks jsonb, project_id bigint, written_at timestamptz)
WHERE line.id = said.id
"""


def check(batch: ProjectBatch, *, actor: Actor) -> bool:
    """Say of each line what it would do. False when somebody stopped it."""
    known = Known(actor, batch.system)
    for lines in _parts(batch):
        for line, wanted in _read(batch, lines, known):
            _judge(line, wanted)
        _keep(lines)
        if not _advance(batch, len(lines)):
            return False
    return True


def _keep(lines: Sequence[BatchLine]) -> None:
    """Write what became of these lines."""
    said = [
        {
            "id": line.pk,
            "state": line.state,
            "expected": line.expected,
            "problems": line.problems,
            "remarks": line.remarks,
            "project_id": line.project_id,
            "written_at": line.written_at.isoformat() if line.written_at else None,
        }
        for line in lines
    ]
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, [json.dumps(said)])


def _parts(batch: ProjectBatch) -> Iterator[list[BatchLine]]:
    last = 0
    while lines := list(batch.lines.filter(number__gt=last).order_by("number")[:PART]):
        yield lines
        last = lines[-1].number


def _read(
    batch: ProjectBatch, lines: Sequence[BatchLine], known: Known
) -> list[tuple[BatchLine, Wanted]]:
    values = [batch.values_of(line.cells) for line in lines]
    known.prepare(values)
    return [
        (line, understand(line.number, said, known))
        for line, said in zip(lines, values, strict=True)
    ]


def _judge(line: BatchLine, wanted: Wanted) -> None:
    line.problems, line.remarks = wanted.problems, wanted.remarks
    line.expected, line.state = "", LineState.TO_DO
    if wanted.problems:
        line.state = LineState.REJECTED
    elif wanted.project is None:
        line.expected = Expected.CREATE
    else:
        line.project_id = wanted.project.pk
        line.expected = Expected.UPDATE if writing.differences(wanted) else Expected.SAME


def _advance(batch: ProjectBatch, number: int) -> bool:
    """Count, and see whether somebody asked to stop."""
    batch.done = min(batch.done + number, batch.total)
    ProjectBatch.objects.filter(pk=batch.pk).update(done=batch.done)
    return not ProjectBatch.objects.filter(pk=batch.pk, stop_asked=True).exists()


def run(batch: ProjectBatch, *, actor: Actor) -> bool:
    """Bring in every line that can be. False when somebody stopped it: it goes on from there."""
    known = Known(actor, batch.system)
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


def _bring(batch: ProjectBatch, lines: list[BatchLine], known: Known, actor: Actor) -> None:
    pairs = _read(batch, lines, known)
    new = []
    for line, wanted in pairs:
        _judge(line, wanted)  # things change between the check and now
        if wanted.problems:
            continue
        if wanted.project is None:
            new.append((line, wanted))
        else:
            _alone(line, partial(writing.update, batch, line, wanted, actor=actor))
    try:
        with transaction.atomic():
            writing.create(batch, new, actor=actor)
    except IntegrityError:  # one of them: the others come in all the same
        for line, wanted in new:
            _alone(line, partial(writing.create, batch, [(line, wanted)], actor=actor))


def _alone(line: BatchLine, write: Callable[[], None]) -> None:
    """One line in its own savepoint: what is wrong with it stays its own."""
    try:
        with transaction.atomic():
            write()
    except Refusal as refusal:
        _reject(line, refusal.sentence)
    except IntegrityError:
        _reject(line, "Ces valeurs ne vont pas ensemble, ou cet identifiant vient d’être pris.")


def _reject(line: BatchLine, sentence: str) -> None:
    line.state, line.expected, line.written_at = LineState.REJECTED, "", None
    line.problems = [["", sentence]]


# --- Taking back


def undo(batch: ProjectBatch, *, actor: Actor) -> bool:
    """Take back each project that it made and that nobody has touched since; the others stay."""
    last = 0
    while True:
        with transaction.atomic():
            made = batch.lines.filter(state=LineState.CREATED, number__gt=last)
            lines = list(made.order_by("number")[:PART])
            if not lines:
                return True
            _take_back(batch, lines)
            last = lines[-1].number
        if not _advance(batch, len(lines)):
            return False


def _take_back(batch: ProjectBatch, lines: list[BatchLine]) -> None:
    keys = [line.project_id for line in lines if line.project_id is not None]
    locked = Project.objects.select_for_update().filter(pk__in=keys, import_batch_id=batch.pk)
    when = dict(locked.values_list("pk", "updated_at"))
    at_work = touched(list(when))
    gone = [
        line
        for line in lines
        if when.get(line.project_id or 0) == line.written_at and line.project_id not in at_work
    ]
    with connection.cursor() as cursor:  # what the guards of a filed project let through
        cursor.execute("SELECT set_config('preau.undoing', %s, true)", [str(batch.pk)])
        Project.objects.filter(pk__in=[line.project_id or 0 for line in gone]).delete()
        cursor.execute("SELECT set_config('preau.undoing', '', true)")
    for line in gone:
        line.state, line.project_id = LineState.UNDONE, None
    _keep(gone)


def touched(keys: Sequence[int]) -> set[int]:
    """Those beside which there is more than what bringing in made: somebody has worked there."""
    found: set[int] = set()
    for model, name in _beside():
        counted = Counter[int]()
        rows = model._base_manager.filter(**{f"{name}__in": keys}).values(name)
        for row in rows.annotate(number=Count("*")).order_by():
            counted[row[name]] = row["number"]
        most = _OURS.get(model, 0)
        if most is not None:
            found |= {key for key, number in counted.items() if number > most}
    return found


def _beside() -> Iterator[tuple[type[Model], str]]:
    """(model, field) of all that points to a project, in whatever room."""
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.local_fields:
            if field.related_model is Project:
                yield model, field.name
