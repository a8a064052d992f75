"""What one call costs: its statements with their time, then their plans with the pages read."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any

from django.db import connection, transaction


@dataclass(frozen=True)
class Statement:
    """One statement as it was sent, and the milliseconds until its rows were here.

    Attributes:
        together: whether it was in a transaction, with those in it before and after.
    """

    sql: str
    parameters: Any
    ms: float
    together: bool


@dataclass
class Watch:
    """Catches the statements of a call. The client's cursor fetches all rows when it executes.

    Attributes:
        cpu_ms: what the server's process worked meanwhile, whoever else the machine worked for;
            None where the system does not say.
    """

    statements: list[Statement] = field(default_factory=list)
    cpu_ms: float | None = None

    def __call__(
        self, execute: Callable[..., Any], sql: str, parameters: Any, many: bool, context: Any
    ) -> Any:
        start = time.perf_counter()
        try:
            return execute(sql, parameters, many, context)
        finally:
            ms = (time.perf_counter() - start) * 1000
            together = connection.in_atomic_block
            self.statements.append(Statement(sql, parameters, ms, together))

    @property
    def ms(self) -> float:
        return sum(one.ms for one in self.statements)


@contextmanager
def watching() -> Iterator[Watch]:
    watch = Watch()
    before = _worked()
    with connection.execute_wrapper(watch):
        yield watch
    after = _worked()
    watch.cpu_ms = (after - before) / 1e6 if before is not None and after is not None else None


def _worked() -> int | None:
    """Nanoseconds of processor that the server's process of this connection has had."""
    connection.ensure_connection()
    process = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat")
    try:
        return int(process.read_text().split()[0])
    except (OSError, ValueError):
        return None


@dataclass(frozen=True)
class Explained:
    """A statement run again under EXPLAIN: shared pages found in memory or read, and its plan."""

    sql: str
    pages: int
    plan: dict[str, Any]


def explained(statements: list[Statement]) -> list[Explained]:
    """Each statement run again in the same order, in transactions as they were, rolled back:
    what is set for one transaction holds for its statements and for no other."""
    found = []
    for _, some in groupby(statements, key=lambda one: one.together):
        with transaction.atomic(), connection.cursor() as cursor:
            found += [one for each in some if (one := _explained(cursor, each))]
            transaction.set_rollback(True)
    return found


def _explained(cursor: Any, one: Statement) -> Explained | None:
    if not one.sql.lstrip().upper().startswith(("SELECT", "WITH")):
        cursor.execute(one.sql, one.parameters)
        return None
    cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {one.sql}", one.parameters)
    answer = cursor.fetchone()[0]
    top = (json.loads(answer) if isinstance(answer, str) else answer)[0]
    return Explained(one.sql, _pages(top["Plan"]), top)


def _pages(plan: dict[str, Any]) -> int:
    return int(plan.get("Shared Hit Blocks", 0)) + int(plan.get("Shared Read Blocks", 0))
