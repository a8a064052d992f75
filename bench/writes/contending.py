"""One slot, fifty people: one holds it, the others are told so at once."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from functools import partial
from typing import Any

from django.db import connection

from bench.country import Country
from bench.figures import figure, progress, spread
from bench.writes.clients import Work, at_once
from bench.writes.slots import Slot, free, key_of, people
from preau.accounts.actors import Actor
from preau.booking.actions.holds import hold
from preau.core import clock
from preau.core.errors import Refusal

CLIENTS, PROCESSES, ROUNDS = 50, 2, 20


def hot_slot(country: Country) -> None:
    """As in production: few processes, each with its threads, a connection a thread."""
    slots = free(country, ROUNDS)
    actors = people(CLIENTS)
    each = CLIENTS // PROCESSES
    doors = clients_barrier()
    tasks = [
        partial(_crowd, doors, slots, actors[first : first + each], first)
        for first in range(0, CLIENTS, each)
    ]
    works = at_once(tasks)
    errors = [error for work in works for error in work.errors]
    if errors:
        raise RuntimeError(f"writes.hot: {len(errors)} errors, first {errors[0]}")
    won: dict[int, int] = dict.fromkeys(range(len(slots)), 0)
    for work in works:
        for number in work.answers:
            won[number] += 1
    spread("writes.hot", [ms for work in works for ms in work.milliseconds])
    figure("writes.hot.rounds", len(slots), "rounds")
    figure("writes.hot.not_one_winner", sum(n != 1 for n in won.values()), "rounds")
    if any(n != 1 for n in won.values()):
        raise RuntimeError(f"writes.hot: winners by round {won}")


def clients_barrier() -> Any:
    from bench.writes.clients import _fork

    return _fork.Barrier(CLIENTS)


def _crowd(
    doors: Any, slots: Sequence[Slot], actors: Sequence[Actor], first: int, barrier: Any
) -> Work:
    """The threads of one process."""
    work, lock, now = Work(), threading.Lock(), clock.now()

    def client(number: int, actor: Actor) -> None:
        try:
            with clock.frozen(now):
                connection.ensure_connection()
                for turn, slot in enumerate(slots):
                    doors.wait(60)
                    _try(turn, slot, number, actor, work, lock)
                    if number == 0:
                        progress("writes.hot", turn + 1, len(slots))
        except Exception as error:
            doors.abort()
            with lock:
                work.errors.append(repr(error))
        finally:
            connection.close()

    threads = [
        threading.Thread(target=client, args=(first + n, actor)) for n, actor in enumerate(actors)
    ]
    barrier.wait()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return work


def _try(
    turn: int, slot: Slot, number: int, actor: Actor, work: Work, lock: threading.Lock
) -> None:
    space, period = slot
    began = time.perf_counter()
    try:
        # A key a round: nobody is refused for holding two slots already.
        hold(space, period, actor=actor, visitor_key=f"{key_of(number)}:{turn}")
        has_won = True
    except Refusal as refusal:
        if refusal.code != "slot_taken":
            raise
        has_won = False
    ms = (time.perf_counter() - began) * 1000
    with lock:
        work.milliseconds.append(ms)
        if has_won:
            work.answers.append(turn)
