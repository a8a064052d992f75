"""What a person decides between two values."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from preau.accounts.actors import Actor
from preau.core import audit
from preau.core.errors import Refusal
from preau.mirrors.actions import runs
from preau.mirrors.enums import ConflictState, RunKind
from preau.mirrors.models import Conflict, MirroredRow
from preau.mirrors.perms import require
from preau.mirrors.sources import SOURCES, Group
from preau.mirrors.sources.base import reader_of
from preau.mirrors.syncing.settling import close, print_of
from preau.mirrors.syncing.work import part


def keep(conflict: Conflict, *, seen: str, actor: Actor) -> Conflict:
    """Ours stays: it is sent to Grist, unless somebody has written there again meanwhile.

    Args:
        seen: `print_of` the two values that were shown.

    Raises:
        Forbidden: not theirs to decide.
        Refusal: it was decided, or one of the values has changed since.
    """
    with transaction.atomic():
        conflict = _lock(conflict, actor)
        if is_as_seen := _is_as_seen(conflict, seen, actor):
            _end(conflict, ConflictState.KEPT, actor)
    return _told(conflict, is_as_seen)


def accept(conflict: Conflict, *, seen: str, actor: Actor) -> Conflict:
    """Theirs is written here, in the name and with the rights of whoever accepts it.

    Args:
        seen: `print_of` the two values that were shown.

    Raises:
        Forbidden: not theirs to write.
        Refusal: Préau's own rules say no, or one of the values has changed since; the conflict
            stays.
    """
    with transaction.atomic():
        conflict = _lock(conflict, actor)
        if is_as_seen := _is_as_seen(conflict, seen, actor):
            _group(conflict).apply(conflict.row.subject_id, conflict.theirs, actor)
            _end(conflict, ConflictState.ACCEPTED, actor)
    return _told(conflict, is_as_seen)


def _lock(conflict: Conflict, actor: Actor) -> Conflict:
    require(actor, "mirror.write", conflict)
    MirroredRow.objects.select_for_update().get(pk=conflict.row_id)
    conflict = Conflict.objects.select_related("row__table__mirror").get(pk=conflict.pk)
    if conflict.state != ConflictState.OPEN:
        raise Refusal("Quelqu’un a déjà tranché.", code="decided")
    return conflict


def _is_as_seen(conflict: Conflict, seen: str, actor: Actor) -> bool:
    """Whether both values are those that were shown. Ours is read again, and kept for the page."""
    source, group = SOURCES[conflict.row.table.source], _group(conflict)
    cells = source.cells_of(_subject(conflict.row, actor), source.chosen(group.columns))
    ours = part(cells, group)
    if ours != conflict.ours:
        conflict.ours = ours
        conflict.save(update_fields=["ours"])
    return print_of(conflict) == seen


def _subject(row: MirroredRow, actor: Actor) -> Any:
    hat = actor.membership
    source = SOURCES[row.table.source]
    found = hat and source.rows(reader_of(hat)).filter(pk=row.subject_id).first()
    if found is None:
        raise Refusal("Votre structure ne peut plus lire cette ligne : rien n’est changé.")
    return found


def _end(conflict: Conflict, state: ConflictState, actor: Actor) -> None:
    _agree(conflict)
    close(conflict, state, user_id=actor.user_id)
    verb = "keep" if state == ConflictState.KEPT else "accept"
    audit.record(actor, f"mirrors.{verb}", conflict, group=conflict.group)
    _sync_soon(conflict)


def _told(conflict: Conflict, is_as_seen: bool) -> Conflict:
    if not is_as_seen:
        raise Refusal(
            "Une des deux valeurs a changé depuis l’affichage de cette page : rien n’est changé."
            " Relisez-les ci-dessous, puis choisissez.",
            code="changed",
        )
    return conflict


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
