"""Where a search reads: on the read replica when there is one, on the primary otherwise.

What decides (a check, a hold, a request sent) never comes here: it reads the primary. An answer of
the replica may be late by a moment, so that it can only lead to “just taken”.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import TypeVar

from django.db import (
    DEFAULT_DB_ALIAS,
    Error,
    InterfaceError,
    InternalError,
    OperationalError,
    ProgrammingError,
    connections,
)
from django.db.backends.base.base import BaseDatabaseWrapper

REPLICA = "search"
#: Seconds during which a replica that failed is not asked again.
PAUSE = 30.0
#: The replica had to forget rows that the statement was reading: it is well, the primary answers.
RECOVERY_CONFLICT = "40001"

Answer = TypeVar("Answer")
logger = logging.getLogger(__name__)


class Circuit:
    """Whether the replica may be asked, in this process; one request at a time tries it again."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._shut_until: float | None = None

    def lets_through(self) -> bool:
        with self._lock:
            if self._shut_until is None:
                return True
            if time.monotonic() < self._shut_until:
                return False
            self._shut_until = time.monotonic() + PAUSE  # the others wait for this one's outcome
            return True

    def failed(self, error: Exception) -> None:
        with self._lock:
            self._shut_until = time.monotonic() + PAUSE
        # Its class alone: the message may quote what was searched.
        logger.warning(
            "The search replica failed (%s): the primary answers for %d s.",
            type(error).__name__,
            PAUSE,
        )

    def worked(self) -> None:
        with self._lock:
            again, self._shut_until = self._shut_until is not None, None
        if again:
            logger.warning("The search replica answers again.")


circuit = Circuit()


def search(read: Callable[[BaseDatabaseWrapper], Answer]) -> Answer:
    """What `read` answers on the replica; on the primary when there is none, or when it fails.

    In a transaction the primary answers: one sees what one has just written. `read` takes the
    connection to use, changes nothing, and may be called twice.
    """
    primary = connections[DEFAULT_DB_ALIAS]
    if REPLICA not in connections or primary.in_atomic_block or not circuit.lets_through():
        return read(primary)
    replica = connections[REPLICA]
    try:
        answer = read(replica)
    except (OperationalError, InterfaceError, InternalError, ProgrammingError) as error:
        if _sqlstate(error) == RECOVERY_CONFLICT:
            logger.info("The search replica dropped a search to keep up: the primary answers.")
            circuit.worked()
        else:
            circuit.failed(error)
            replica.close()
        return read(primary)
    circuit.worked()
    return answer


def _sqlstate(error: Error) -> str:
    return getattr(error.__cause__, "sqlstate", None) or ""
