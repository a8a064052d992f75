"""One table of a mirror at work: what it holds, who reads it, who writes for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from preau.accounts.actors import Actor
from preau.integrations.grist import Document
from preau.integrations.grist.cells import Cell
from preau.integrations.grist.webhooks import Record
from preau.mirrors.models import MirroredRow, MirroredTable
from preau.mirrors.perms import keeper_of
from preau.mirrors.servers import Link
from preau.mirrors.sources import SOURCES, Field, Group, Source
from preau.mirrors.sources.base import FOLLOWED, IDENTITY, digest, normal, reader_of
from preau.mirrors.troubles import NobodyKeeps

#: Values in the address of one call.
READ_AT_ONCE = 100


@dataclass
class TableWork:
    table: MirroredTable
    link: Link
    keeper: Actor
    reader: Actor
    source: Source
    fields: list[Field]
    groups: list[Group]
    #: Columns that are no longer chosen and still stand in Grist: emptied.
    dropped: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, table: MirroredTable, link: Link) -> TableWork:
        """
        Raises:
            NobodyKeeps: nobody in whose name to read and write.
        """
        keeper = keeper_of(table.mirror)
        if keeper is None or keeper.membership is None:
            raise NobodyKeeps
        source = SOURCES[table.source]
        return cls(
            table,
            link,
            keeper,
            reader_of(keeper.membership),
            source,
            source.chosen(table.columns),
            source.opened(table.opened),
        )

    @property
    def shared(self) -> set[str]:
        """Columns that may change on both sides."""
        return {name for group in self.groups for name in group.columns}

    def subjects(self) -> QuerySet[Any]:
        """Everything that is to be there, read anew each time."""
        return self.source.rows(self.reader)

    def recent(self, since: datetime) -> QuerySet[Any]:
        """Of them, those that may have changed since, or whose state side is read now and was not,
        or no longer."""
        found = self.subjects()
        changed = self.source.since(found, since)
        if self.source.state_side is None or not any(one.state_side for one in self.fields):
            return changed
        read_now = self.source.state_side(self.reader).filter(pk=OuterRef("subject_id"))
        rows = self.table.rows.filter(left_at=None).annotate(read_now=Exists(read_now))
        turned = rows.exclude(state_side=F("read_now")).values("subject_id")
        keys = changed.order_by().values("pk")
        return found.filter(Q(pk__in=keys) | Q(pk__in=turned))

    def split(self, one: Any) -> tuple[dict[str, Cell], dict[str, Cell]]:
        """The cells of a thing: ours alone, and the opened ones."""
        cells, shared = self.source.cells_of(one, self.fields), self.shared
        own = {name: found for name, found in cells.items() if name not in shared}
        own |= dict.fromkeys(self.dropped)
        return own, {name: found for name, found in cells.items() if name in shared}

    def read_again(self, record: Record) -> tuple[str, dict[str, Cell]]:
        """Print of what is ours alone in a row of Grist, and its opened columns. A column that is
        not there is not said to be empty."""
        kinds = {one.id: one.type for one in self.fields} | {FOLLOWED.id: FOLLOWED.type}
        kinds |= dict.fromkeys(self.dropped, "Text")
        cells = {
            name: normal(kind, record.fields[name])
            for name, kind in kinds.items()
            if name in record.fields
        }
        shared = self.shared
        own = digest({name: found for name, found in cells.items() if name not in shared})
        return own, {name: found for name, found in cells.items() if name in shared}

    def remote_rows(self, rows: Sequence[tuple[str, int | None]]) -> dict[str, Record]:
        """Rows of Grist by identity: of two that have the same (somebody copied one), the one we
        made.

        Args:
            rows: identity, and the row's id there when it is known.
        """
        found: dict[str, Record] = {}
        known = dict(rows)
        for record in self.remote_copies(list(known)):
            identity = str(record.fields.get(IDENTITY.id))
            if identity not in found or record.id == known.get(identity):
                found[identity] = record
        return found

    def remote_copies(self, identities: Sequence[str]) -> list[Record]:
        """Every row of Grist that has one of these identities, the copies too."""
        found: list[Record] = []
        for start in range(0, len(identities), READ_AT_ONCE):
            found += self._where(IDENTITY.id, identities[start : start + READ_AT_ONCE])
        return found

    def remote_by_id(self, ids: Iterable[int]) -> list[Record]:
        return list(self._where("id", list(ids)))

    def _where(self, column: str, values: Sequence[Any]) -> tuple[Record, ...]:
        def read(document: Document) -> tuple[Record, ...]:
            return document.records(self.table.remote, where={column: values})

        return self.link.ask(read) if values else ()

    def base_of(self, row: MirroredRow | None, group: Group) -> Mapping[str, Cell] | None:
        """What both sides last had of a group; None when they never agreed on all of it."""
        base = row.base if row is not None else None
        if base is None or not set(group.columns) <= base.keys():
            return None
        return {name: base[name] for name in group.columns}


def part(cells: Mapping[str, Cell], group: Group) -> dict[str, Cell]:
    """The cells of a group among others."""
    return {name: cells[name] for name in group.columns if name in cells}
