"""Clients: processes, each with its own connection, let loose at the same instant."""

from __future__ import annotations

import multiprocessing
import resource
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty
from typing import Any

from django.db import connection, connections

from bench.figures import figure, spread

#: A process that says nothing for that long has died.
PATIENCE = 300
_fork = multiprocessing.get_context("fork")


@dataclass
class Work:
    """What one client did."""

    milliseconds: list[float] = field(default_factory=list)
    refused: int = 0
    errors: list[str] = field(default_factory=list)
    seconds: float = 0.0
    python_ms: float = 0.0
    database_ms: float = 0.0
    answers: list[Any] = field(default_factory=list)


class Watch:
    """The processor's work between two instants: of this process, and of its server's process."""

    def __init__(self) -> None:
        connection.ensure_connection()
        self._began = time.perf_counter()
        self._python, self._database = _python(), _database()

    def note(self, work: Work) -> None:
        work.seconds = time.perf_counter() - self._began
        work.python_ms = (_python() - self._python) * 1000
        work.database_ms = (_database() - self._database) / 1e6


def _python() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _database() -> int:
    """Nanoseconds of processor that the server's process of this connection has had."""
    with suppress(OSError, ValueError):
        process = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat")
        return int(process.read_text().split()[0])
    return 0


Task = Callable[[Any], Work]


def at_once(tasks: Sequence[Task]) -> list[Work]:
    """Run each task in a process of its own. All of them begin together: each task takes the
    barrier at which it waits once it is ready.
    """
    connections.close_all()  # no connection is shared with a child
    barrier, results = _fork.Barrier(len(tasks)), _fork.Queue()
    children = [
        _fork.Process(target=_child, args=(number, task, barrier, results), daemon=True)
        for number, task in enumerate(tasks)
    ]
    for child in children:
        child.start()
    try:
        found = dict(results.get(timeout=PATIENCE) for _ in children)
    except Empty:
        raise RuntimeError("A client never came back.") from None
    finally:
        for child in children:
            child.join(5)
            child.kill()
    return [found[number] for number in range(len(tasks))]


def _child(number: int, task: Task, barrier: Any, results: Any) -> None:
    try:
        connection.ensure_connection()
        results.put((number, task(barrier)))
    except Exception as error:  # whatever it was, the parent must know
        barrier.abort()
        results.put((number, Work(errors=[repr(error)])))
    finally:
        connections.close_all()


def say(name: str, works: Sequence[Work]) -> None:
    """The figures of clients who did the same thing for the same time."""
    done = [ms for work in works for ms in work.milliseconds]
    errors = [error for work in works for error in work.errors]
    if errors:
        raise RuntimeError(f"{name}: {len(errors)} errors, first {errors[0]}")
    seconds = max(work.seconds for work in works)
    spread(name, done, rate=(len(done) / seconds, "per second"))
    figure(f"{name}.cpu.python", sum(work.python_ms for work in works) / len(done), "ms each")
    figure(f"{name}.cpu.database", sum(work.database_ms for work in works) / len(done), "ms each")
    figure(f"{name}.refused", sum(work.refused for work in works), "times")
