"""What a person decides between two values."""

from __future__ import annotations

from django.db import transaction

from preau.accounts.actors import Actor
from preau.accounts.models import Membership
from preau.core import audit
from preau.core.errors import Refusal
from preau.mirrors.actions import runs
from preau.mirrors.enums import ConflictState, RunKind
from preau.mirrors.models import Conflict, MirroredRow
from preau.mirrors.perms import require
from preau.mirrors.sources import SOURCES, Group
from preau.mirrors.sources.base import reader_of
from preau.mirrors.syncing.settling import close


@transaction.atomic
def keep(conflict: Conflict, *, actor: Actor) -> Conflict:
    """Ours stays: it is sent to Grist, unless somebody has written there again meanwhile."""
    conflict = _lock(conflict, actor)
    _agree(conflict)
    close(conflict, ConflictState.KEPT, user_id=actor.user_id)
    audit.record(actor, "mirrors.keep", conflict, group=conflict.group)
    _sync_soon(conflict)
    return conflict


@transaction.atomic
def accept(conflict: Conflict, *, actor: Actor) -> Conflict:
    """Theirs is written here, in the name and with the rights of whoever accepts it.

    Raises:
        Forbidden: not theirs to write.
        Refusal: Préau's own rules say no; the conflict stays.
    """
    conflict = _lock(conflict, actor)
    row = conflict.row
    hat = actor.membership
    if hat is None or not _still_read(row, hat):
        raise Refusal("Votre structure ne peut plus lire cette ligne : rien n’est changé.")
    _group(conflict).apply(row.subject_id, conflict.theirs, actor)
    _agree(conflict)
    close(conflict, ConflictState.ACCEPTED, user_id=actor.user_id)
    audit.record(actor, "mirrors.accept", conflict, group=conflict.group)
    _sync_soon(conflict)
    return conflict


def _lock(conflict: Conflict, actor: Actor) -> Conflict:
    require(actor, "mirror.write", conflict)
    MirroredRow.objects.select_for_update().get(pk=conflict.row_id)
    conflict = Conflict.objects.select_related("row__table__mirror").get(pk=conflict.pk)
    if conflict.state != ConflictState.OPEN:
        raise Refusal("Quelqu’un a déjà tranché.", code="decided")
    return conflict


def _still_read(row: MirroredRow, hat: Membership) -> bool:
    source = SOURCES[row.table.source]
    return source.rows(reader_of(hat)).filter(pk=row.subject_id).exists()


def _group(conflict: Conflict) -> Group:
    (group,) = SOURCES[conflict.row.table.source].opened([conflict.group])
    return group


def _agree(conflict: Conflict) -> None:
    """Both sides have seen what is in Grist: what is here, if it differs, will be sent there."""
    row = conflict.row
    row.base = {**(row.base or {}), **conflict.theirs}
    row.save(update_fields=["base"])


def _sync_soon(conflict: Conflict) -> None:
    mirror = conflict.row.table.mirror
    if mirror.follows:
        runs.begin(mirror, RunKind.WHOLE)
