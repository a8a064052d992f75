"""What Grist says by itself: checked, kept as a hint, read again a little later."""

from __future__ import annotations

from django.db import transaction

from preau.core import clock
from preau.core.sealed import Unreadable
from preau.integrations.grist.webhooks import NotADelivery, is_ours, read_delivery
from preau.mirrors.enums import MirrorState
from preau.mirrors.models import Hint, MirroredTable
from preau.mirrors.servers import linked
from preau.mirrors.syncing import rereading, schema
from preau.mirrors.syncing.work import TableWork
from preau.mirrors.troubles import MET

#: Bytes of a delivery: a hundred rows.
LONGEST = 2_000_000
#: Hints kept for a table; past that, the night's check reads everything.
MOST_HINTS = 5_000
#: Seconds for the changes of a person who goes on typing to come together.
DEBOUNCE = 10


class NotTheirs(Exception):
    """Neither the address nor the header of a document of ours."""


def take(token: str, header: str | None, body: bytes) -> int:
    """Keep what a delivery hints at; how many rows. Its content is not believed.

    Raises:
        NotTheirs: unknown address, or not the header that we asked for.
        NotADelivery: the body is not what Grist sends.
    """
    table = (
        MirroredTable.objects.select_related("mirror")
        .filter(hook_digest=schema.digest_of(token), mirror__state=MirrorState.ACTIVE)
        .first()
    )
    if table is None or not is_ours(header, _authorization(table)):
        raise NotTheirs
    ids = {record.id for record in read_delivery(body) if record.id < 2**63}
    with transaction.atomic():
        if ids and table.hints.count() < MOST_HINTS:
            now = clock.now()
            Hint.objects.bulk_create(
                [Hint(table=table, remote_id=one, at=now) for one in sorted(ids)],
                update_conflicts=True,
                unique_fields=["table", "remote_id"],
                update_fields=["at"],
            )
            _reread_soon(table)
    return len(ids)


def _authorization(table: MirroredTable) -> str:
    try:
        return schema.authorization(table)
    except Unreadable:
        return ""


def _reread_soon(table: MirroredTable) -> None:
    from procrastinate.exceptions import AlreadyEnqueued

    from preau.mirrors.tasks import reread

    task = reread.configure(
        queueing_lock=f"mirrors.reread:{table.pk}", schedule_in={"seconds": DEBOUNCE}
    )
    try:
        with transaction.atomic():
            task.defer(table_id=table.pk)
    except AlreadyEnqueued:
        return  # it waits already, and will read these too


def follow(table_id: int) -> int:
    """Read again what was hinted at; how many changes were written here."""
    table = MirroredTable.objects.select_related("mirror__organization").get(pk=table_id)
    if not table.mirror.follows or not table.remote:
        return 0
    try:
        with linked(table.mirror) as link:
            work = TableWork.of(table, link)
            return rereading.follow_hints(work) if work.groups else 0
    except MET:
        return 0  # the next run follows them, and says what is wrong


__all__ = ["LONGEST", "NotADelivery", "NotTheirs", "follow", "take"]
