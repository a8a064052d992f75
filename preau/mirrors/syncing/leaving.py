"""What the organisation may not read any more leaves Grist: nothing of it stays readable there."""

from __future__ import annotations

from collections.abc import Sequence

from preau.core import clock
from preau.integrations.grist.batches import Upsert, upserts
from preau.mirrors.enums import Leaving
from preau.mirrors.models import MirroredRow
from preau.mirrors.sources.base import FOLLOWED, IDENTITY, OUT_OF_SCOPE
from preau.mirrors.syncing.progress import Progress
from preau.mirrors.syncing.work import READ_AT_ONCE, TableWork


def leave(work: TableWork, progress: Progress) -> None:
    """Rows sent whose thing is gone, or read no longer. Asked of the database by itself, so that
    one that just left does not wait for the night."""
    table = work.table
    while True:
        gone = table.rows.filter(left_at=None).exclude(
            subject_id__in=work.subjects().order_by().values("pk")
        )
        rows = list(gone.order_by("pk")[:READ_AT_ONCE])
        if not rows:
            return
        if table.mirror.leaving == Leaving.BLANK:
            _blank(work, rows)
        else:
            take_out(work, rows)
        progress.beat(removed=len(rows))


def take_out(work: TableWork, rows: Sequence[MirroredRow]) -> None:
    """Delete rows there, and the copies that people made of them. They are read again by what is
    ours: ids are given again to other rows."""
    ids = [record.id for record in work.remote_copies([str(one.uuid) for one in rows])]
    if ids:
        work.link.ask(lambda document: document.delete(work.table.remote, ids))
    MirroredRow.objects.filter(pk__in=[one.pk for one in rows]).delete()


def _blank(work: TableWork, rows: Sequence[MirroredRow]) -> None:
    empty: dict[str, str | None] = {one.id: None for one in work.fields}
    empty |= dict.fromkeys(work.dropped)
    empty[FOLLOWED.id] = OUT_OF_SCOPE
    for body in upserts(Upsert({IDENTITY.id: one.uuid}, empty) for one in rows):
        work.link.ask(
            lambda document, body=body: document.upsert(  # type: ignore[misc]
                work.table.remote, body, on_many="all", add=False
            )
        )
    # What people had changed there is not kept either.
    for one in rows:
        one.conflicts.all().delete()
    MirroredRow.objects.filter(pk__in=[one.pk for one in rows]).update(
        left_at=clock.now(), sent_hash="", seen_hash="", base=None
    )
