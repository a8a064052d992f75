"""Rows read again in Grist: those it told us of, and at night all of them."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q

from preau.core import clock
from preau.integrations.grist.webhooks import Record
from preau.mirrors.models import Hint, MirroredRow
from preau.mirrors.sources.base import IDENTITY
from preau.mirrors.syncing.progress import DONE, Progress
from preau.mirrors.syncing.settling import settle
from preau.mirrors.syncing.work import READ_AT_ONCE, TableWork


def follow_hints(work: TableWork) -> int:
    """Read again what was hinted at; how many changes came from there."""
    applied = 0
    while True:
        now = clock.now()
        hints = list(work.table.hints.order_by("pk")[:READ_AT_ONCE])
        if not hints:
            return applied
        for record in work.remote_by_id(one.remote_id for one in hints):
            row = _row_of(work, record)
            if row is not None:
                settled = settle(work, row.pk, work.read_again(record)[1])
                applied += settled.applied if settled else 0
        # Those told again while this was read stay.
        Hint.objects.filter(pk__in=[one.pk for one in hints], at__lte=now).delete()
        if len(hints) < READ_AT_ONCE:
            return applied


def _row_of(work: TableWork, record: Record) -> MirroredRow | None:
    """Ours, and not a copy that somebody made of it."""
    try:
        identity = UUID(str(record.fields.get(IDENTITY.id)))
    except ValueError:
        return None  # a row that somebody added by hand
    known = work.table.rows.filter(left_at=None, uuid=identity)
    return known.filter(Q(remote_id=record.id) | Q(remote_id=None)).first()


def check(work: TableWork, progress: Progress) -> None:
    """Compare every row: those deleted there, or whose columns somebody overwrote, are sent again;
    what was changed in opened columns is settled."""
    name = f"{work.source.key}:relu"
    after = progress.at(name)
    while not progress.is_done(name):
        rows = list(
            work.table.rows.filter(left_at=None, pk__gt=after).order_by("pk")[:READ_AT_ONCE]
        )
        if not rows:
            progress.beat(name, DONE)
            return
        there = work.remote_rows([(str(one.uuid), one.remote_id) for one in rows])
        applied = sum(_compare(work, one, there.get(str(one.uuid))) for one in rows)
        after = rows[-1].pk
        progress.beat(name, after, applied=applied)


def _compare(work: TableWork, row: MirroredRow, record: Record | None) -> int:
    again = MirroredRow.objects.filter(pk=row.pk)
    if record is None:
        again.update(sent_hash="", seen_hash="", remote_id=None, base=None)
        return 0
    seen, theirs = work.read_again(record)
    changed = {"seen_hash": seen, "remote_id": record.id}
    if row.sent_hash not in {"", seen}:
        changed["sent_hash"] = ""
    if any(getattr(row, name) != value for name, value in changed.items()):
        again.update(**changed)
    base = row.base or {}
    if all(name in base and base[name] == found for name, found in theirs.items()):
        return 0
    settled = settle(work, row.pk, theirs)
    return settled.applied if settled else 0
