"""What pages of mirrors read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from preau.accounts.actors import Actor
from preau.mirrors.enums import LIVE_RUNS, ConflictState, MirrorState
from preau.mirrors.models import Conflict, Mirror, MirroredTable, MirrorRun
from preau.mirrors.sources import SOURCES, Group, Source
from preau.mirrors.sources.base import reader_of, said
from preau.mirrors.syncing.settling import print_of

#: Conflicts shown at once: those decided make room for the others.
SHOWN = 50
#: Rows past which the free plans of Grist refuse.
FREE_ROWS = 5_000


def mirrors_of(actor: Actor) -> QuerySet[Mirror]:
    """Those of the organisation whose hat is on, the living first."""
    disputed = Count("tables__rows__conflicts", filter=_open("tables__rows__conflicts__"))
    mirrors = Mirror.objects.filter(organization=actor.organization_id)
    return mirrors.select_related("keeper").annotate(disputed=disputed).order_by("closed_at", "-pk")


def _open(prefix: str) -> Q:
    return Q(**{f"{prefix}state": ConflictState.OPEN})


def live_run(mirror: Mirror) -> MirrorRun | None:
    return mirror.runs.filter(state__in=LIVE_RUNS).first()


def past_runs(mirror: Mirror) -> list[MirrorRun]:
    return list(mirror.runs.exclude(state__in=LIVE_RUNS).select_related("asked_by")[:10])


@dataclass(frozen=True, slots=True)
class TableShown:
    table: MirroredTable
    source: Source
    columns: list[str]
    groups: list[Group]
    rows: int
    names_people: bool


def tables_of(mirror: Mirror) -> list[TableShown]:
    found = mirror.tables.annotate(number=Count("rows", filter=Q(rows__left_at=None)))
    return [_shown(table) for table in found.order_by("pk")]


def _shown(table: Any) -> TableShown:
    source = SOURCES[table.source]
    chosen = source.chosen(table.columns)
    return TableShown(
        table,
        source,
        [one.label for one in chosen],
        source.opened(table.opened),
        table.number,
        any(one.is_personal for one in chosen),
    )


@dataclass(frozen=True, slots=True)
class ConflictShown:
    conflict: Conflict
    title: str
    address: str
    #: (column, in Préau, in Grist), those that differ.
    lines: list[tuple[str, str, str]]
    group: str
    #: Names the two values: sent back with what is decided.
    seen: str


def conflicts_of(mirror: Mirror, actor: Actor) -> list[ConflictShown]:
    """What waits for a decision, in order; of what the organisation still reads."""
    found = Conflict.objects.filter(row__table__mirror=mirror, state=ConflictState.OPEN)
    conflicts = list(found.select_related("row__table").order_by("pk")[:SHOWN])
    subjects = _subjects(conflicts, actor)
    shown = []
    for one in conflicts:
        subject = subjects.get((one.row.table.source, one.row.subject_id))
        if subject is not None:
            shown.append(_conflict(one, subject))
    return shown


def _subjects(conflicts: Sequence[Conflict], actor: Actor) -> dict[tuple[str, int], Any]:
    found: dict[tuple[str, int], Any] = {}
    if actor.membership is None:
        return found
    for key in {one.row.table.source for one in conflicts}:
        wanted = [one.row.subject_id for one in conflicts if one.row.table.source == key]
        for subject in SOURCES[key].rows(reader_of(actor.membership)).filter(pk__in=wanted):
            found[key, subject.pk] = subject
    return found


def _conflict(one: Conflict, subject: Any) -> ConflictShown:
    source = SOURCES[one.row.table.source]
    kinds = {field.id: field.type for field in source.fields}
    lines = [
        (
            source.label_of(name),
            said(kinds.get(name, "Text"), one.ours.get(name)),
            said(kinds.get(name, "Text"), one.theirs.get(name)),
        )
        for name in one.ours
        if one.ours.get(name) != one.theirs.get(name)
    ]
    group = next((each.label for each in source.groups if each.key == one.group), one.group)
    return ConflictShown(
        one, source.title(subject), source.address(subject), lines, group, print_of(one)
    )


def sizes(mirror: Mirror, actor: Actor) -> dict[str, int]:
    """How many rows each table would have, for its first reader to know."""
    if actor.membership is None:
        return {}
    reader = reader_of(actor.membership)
    return {
        table.source: SOURCES[table.source].rows(reader).count() for table in mirror.tables.all()
    }


def is_idle(mirror: Mirror) -> bool:
    return mirror.state == MirrorState.ACTIVE and live_run(mirror) is None


def waiting() -> int:
    """Runs that wait for Grist, for the operator."""
    return MirrorRun.objects.filter(state__in=LIVE_RUNS).count()
