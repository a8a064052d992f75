"""What changed here goes to Grist: by bodies of rows to find or add, so that twice is once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from preau.core import clock
from preau.integrations.grist import Document, Upserted
from preau.integrations.grist.batches import ROWS, Upsert, Upserts, upserts
from preau.integrations.grist.cells import Cell
from preau.integrations.grist.webhooks import Record
from preau.mirrors.enums import ConflictState
from preau.mirrors.models import Conflict, MirroredRow
from preau.mirrors.sources.base import IDENTITY, digest, identity, values
from preau.mirrors.syncing.progress import DONE, Progress
from preau.mirrors.syncing.settling import settle
from preau.mirrors.syncing.work import TableWork, part

#: Things looked at before saying where it is; what is in memory at once.
CHUNK = 1_000
#: A change may be committed a little after the moment it carries.
OVERLAP = timedelta(minutes=5)


@dataclass
class Outgoing:
    """A row to send: what is ours alone, and what of the opened columns."""

    subject: int
    uuid: UUID
    own: dict[str, Cell]
    shared: dict[str, Cell]
    known: MirroredRow | None
    #: Opened columns that go: Grist is read again first.
    unsure: bool
    #: Among those looked at together, from 1.
    rank: int
    #: Whether its state side is among what goes.
    state_side: bool | None
    to_send: dict[str, Cell] = field(default_factory=dict)
    base: dict[str, Cell] | None = None


def send(work: TableWork, progress: Progress, *, since: datetime | None) -> None:
    """Go through the table from where the run is.

    Args:
        since: look only at what may have changed since; None for everything.
    """
    name, buffer = work.source.key, list[Outgoing]()
    if progress.is_done(name):
        return
    for chunk in _chunks(work, since, progress.at(name)):
        counted = 0
        for one in _changed(work, chunk):
            buffer.append(one)
            if len(buffer) == ROWS:
                _flush(work, progress, buffer)
                progress.beat(name, one.subject, looked=one.rank - counted)
                counted = one.rank
                buffer.clear()
        progress.beat(name, None if buffer else chunk[-1].pk, looked=len(chunk) - counted)
    _flush(work, progress, buffer)
    work.table.synced_until = progress.run.started_at
    work.table.save(update_fields=["synced_until"])
    progress.beat(name, DONE)


def _chunks(work: TableWork, since: datetime | None, after: int) -> Iterator[list[Any]]:
    found = work.subjects() if since is None else work.recent(since - OVERLAP)
    while chunk := list(found.filter(pk__gt=after).order_by("pk")[:CHUNK]):
        yield chunk
        after = chunk[-1].pk


def _changed(work: TableWork, chunk: Sequence[Any]) -> Iterator[Outgoing]:
    keys = [one.pk for one in chunk]
    known = {row.subject_id: row for row in work.table.rows.filter(subject_id__in=keys)}
    disputed = _disputed(work, keys)
    for rank, one in enumerate(chunk, 1):
        own, shared = work.split(one)
        row = known.get(one.pk)
        there = row if row is not None and row.left_at is None else None
        unsure = any(
            work.base_of(there, group) != part(shared, group)
            for group in work.groups
            if group.key not in disputed[one.pk]
        )
        inside = getattr(one, "inside", None)
        if there is None or _differs(there, own, inside) or unsure:
            uuid = identity(work.table.mirror, work.source.key, one.pk)
            yield Outgoing(one.pk, uuid, own, shared, there, unsure, rank, inside)


def _differs(there: MirroredRow, own: dict[str, Cell], inside: bool | None) -> bool:
    return there.sent_hash != digest(own) or there.state_side != inside


def _disputed(work: TableWork, keys: list[int]) -> dict[int, set[str]]:
    """Groups that a person must decide, by subject: not sent meanwhile."""
    found: dict[int, set[str]] = defaultdict(set)
    if work.groups:
        standing = Conflict.objects.filter(
            row__table=work.table, row__subject_id__in=keys, state=ConflictState.OPEN
        )
        for subject, group in standing.values_list("row__subject_id", "group"):
            found[subject].add(group)
    return found


def _flush(work: TableWork, progress: Progress, rows: Sequence[Outgoing]) -> None:
    if not rows:
        return
    _look_before(work, progress, [one for one in rows if one.unsure])
    bodies = upserts(Upsert({IDENTITY.id: one.uuid}, values(one.own | one.to_send)) for one in rows)
    done = 0
    for body in bodies:
        some = rows[done : done + body.rows]
        _announce(work, some)
        _record(work, some, work.link.ask(partial(_upsert, work.table.remote, body)))
        done += body.rows
        progress.beat(sent=len(some))


def _announce(work: TableWork, rows: Sequence[Outgoing]) -> None:
    """Known before they go: where the answer is lost, what leaves the scope meanwhile is still
    taken out of Grist."""
    MirroredRow.objects.bulk_create(
        [
            MirroredRow(table=work.table, subject_id=one.subject, uuid=one.uuid)
            for one in rows
            if one.known is None
        ],
        update_conflicts=True,
        unique_fields=["table", "subject_id"],
        update_fields=["left_at"],
    )


def _upsert(table: str, body: Upserts, document: Document) -> Upserted | None:
    return document.upsert(table, body)


def _look_before(work: TableWork, progress: Progress, rows: Sequence[Outgoing]) -> None:
    """What of the opened columns may go, once Grist has been read again: somebody may have written
    there what it has not told us yet."""
    asked = [(str(one.uuid), one.known.remote_id if one.known else None) for one in rows]
    there = work.remote_rows(asked)
    for one in rows:
        record = there.get(str(one.uuid))
        if record is None:  # never sent, or deleted there: it begins anew
            one.to_send = one.base = dict(one.shared)
            continue
        row = one.known or _found_again(work, one, record)
        settled = settle(work, row.pk, work.read_again(record)[1])
        if settled is not None:
            one.to_send, one.base = settled.to_send, settled.base | settled.to_send
            progress.beat(applied=settled.applied)


def _found_again(work: TableWork, one: Outgoing, record: Record) -> MirroredRow:
    """A row that was sent, when what Grist answered did not reach us."""
    row, _ = MirroredRow.objects.get_or_create(
        table=work.table,
        subject_id=one.subject,
        defaults={"uuid": one.uuid, "remote_id": record.id},
    )
    return row


def _record(work: TableWork, rows: Sequence[Outgoing], answer: Upserted | None) -> None:
    found = answer.records if answer is not None else ((),) * len(rows)
    now = clock.now()
    MirroredRow.objects.bulk_create(
        [
            MirroredRow(
                table=work.table,
                subject_id=one.subject,
                uuid=one.uuid,
                remote_id=ids[0] if ids else (one.known.remote_id if one.known else None),
                sent_hash=digest(one.own),
                base=one.base if one.unsure else (one.known.base if one.known else {}),
                left_at=None,
                sent_at=now,
                state_side=one.state_side,
            )
            for one, ids in zip(rows, found, strict=True)
        ],
        update_conflicts=True,
        unique_fields=["table", "subject_id"],
        update_fields=[
            "uuid",
            "remote_id",
            "sent_hash",
            "base",
            "left_at",
            "sent_at",
            "state_side",
        ],
    )
