"""Opened columns: who changed what since both sides agreed, and what follows.

Three values of each group: ours, theirs, and the base (what both had). Only theirs moved: our verb
is called, in the name of whoever keeps the mirror. Only ours: it will be sent. Both, or the verb
says no: a person decides, and until then neither side is written.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from preau.core import clock
from preau.core.errors import Refusal
from preau.integrations.grist.cells import Cell
from preau.mirrors.enums import ConflictKind, ConflictState
from preau.mirrors.models import Conflict, MirroredRow
from preau.mirrors.sources import Group
from preau.mirrors.sources.base import digest
from preau.mirrors.syncing.work import TableWork, part


@dataclass
class Settled:
    """What there is to send of the opened columns of a row, now.

    Attributes:
        base: what both sides agree on.
        to_send: our cells that are to go.
        applied: how many groups were changed here.
    """

    base: dict[str, Cell]
    to_send: dict[str, Cell]
    applied: int = 0


@transaction.atomic
def settle(work: TableWork, row_id: int, theirs: dict[str, Cell]) -> Settled | None:
    """Compare a row as just read in Grist. None when it has left what is mirrored."""
    row = MirroredRow.objects.select_for_update().filter(pk=row_id).first()
    if row is None:
        return None
    found = Settled(dict(row.base or {}), {})
    for group in work.groups:
        ours = _ours(work, row)
        if ours is None:
            return None
        mine, other = part(ours, group), part(theirs, group)
        if other.keys() == mine.keys():  # a column that was deleted there says nothing
            _settle_group(work, row, group, mine, other, found)
            row.base = found.base
    row.save(update_fields=["base"])
    return found


def _ours(work: TableWork, row: MirroredRow) -> dict[str, Cell] | None:
    one = work.subjects().filter(pk=row.subject_id).first()
    return None if one is None else work.split(one)[1]


def _settle_group(
    work: TableWork,
    row: MirroredRow,
    group: Group,
    mine: dict[str, Cell],
    other: dict[str, Cell],
    found: Settled,
) -> None:
    base = work.base_of(row, group)
    standing = row.conflicts.filter(group=group.key, state=ConflictState.OPEN).first()
    if mine == other:
        found.base |= mine
        if standing is not None:
            close(standing, ConflictState.GONE)
    elif standing is not None:
        if (standing.ours, standing.theirs) != (mine, other):
            standing.ours, standing.theirs = mine, other
            standing.save(update_fields=["ours", "theirs"])
    elif base == other:
        found.to_send |= mine
    elif base == mine:
        _take(work, row, group, mine, other, found)
    else:
        _disagree(row, group, mine, other, ConflictKind.BOTH)


def _take(
    work: TableWork,
    row: MirroredRow,
    group: Group,
    mine: dict[str, Cell],
    other: dict[str, Cell],
    found: Settled,
) -> None:
    """Write here what was written there, as the keeper may."""
    try:
        with transaction.atomic():
            group.apply(row.subject_id, other, work.keeper)
    except Refusal as refusal:
        _disagree(row, group, mine, other, ConflictKind.REFUSED, refusal.sentence)
        return
    found.applied += 1
    found.base |= other
    now = part(_ours(work, row) or {}, group)
    if now != other:  # understood and written otherwise: Grist is told
        found.to_send |= now


def _disagree(
    row: MirroredRow,
    group: Group,
    mine: dict[str, Cell],
    other: dict[str, Cell],
    kind: ConflictKind,
    reason: str = "",
) -> None:
    Conflict.objects.create(
        row=row, group=group.key, kind=kind, ours=mine, theirs=other, reason=reason[:600]
    )


def print_of(conflict: Conflict) -> str:
    """The two values that a person chooses from, to know that they are those they were shown."""
    return digest({"ours": digest(conflict.ours), "theirs": digest(conflict.theirs)})


def close(conflict: Conflict, state: ConflictState, *, user_id: int | None = None) -> None:
    conflict.state, conflict.decided_at, conflict.decided_by_id = state, clock.now(), user_id
    conflict.save(update_fields=["state", "decided_at", "decided_by"])
