"""Searching while sixteen clients book: as right as before, and how much slower."""

from __future__ import annotations

import time
from itertools import islice
from typing import Any

from django.db import connection, transaction

from bench.country import Country
from bench.figures import figure, percentile, spread
from bench.reads import brute
from bench.reads.questions import Asked, Crowd, moment
from bench.reads.truth import Truth
from bench.writes.clients import Task, Watch, Work, at_once
from bench.writes.singles import tasks
from bench.writes.slots import free
from preau.availability.queries.search import PAGE, window
from preau.core import clock

SECONDS, CLIENTS, SLOTS = 10.0, 16, 3600
QUESTIONS = 4000
#: Between two bookings of one client: eight a second in all, thirty times what France asks for.
PAUSE = 2.0


def search_meanwhile(country: Country) -> None:
    """One searcher alone; beside sixteen writers who do nothing else, which is all that the machine
    can do, then beside sixteen who pause as people do; and one who checks every answer.
    """
    questions = list(Crowd(f"{country.seed} writes", country.today).windows(QUESTIONS))
    [alone] = at_once([_searcher(questions, SECONDS / 2)])
    spread("writes.search.alone", alone.milliseconds)
    figure("writes.search.alone.cpu.database", _each(alone), "ms each")
    slots = free(country, SLOTS)
    third = len(slots) // 3
    for number, (name, pause) in enumerate((("saturated", 0.0), ("beside", PAUSE))):
        some = slots[number * third : (number + 1) * third]
        busy, *writers = at_once(
            [_searcher(questions, SECONDS), *tasks(CLIENTS, some, SECONDS, pause)]
        )
        _say(f"writes.search.{name}", busy, alone)
        written = sum(len(work.milliseconds) for work in writers)
        figure(f"writes.search.{name}.bookings", written / SECONDS, "per second")
    checked, *writers = at_once(
        [_checker(country, questions), *tasks(CLIENTS, slots[2 * third :], SECONDS, PAUSE)]
    )
    if checked.errors:
        raise RuntimeError(checked.errors[0])
    if not checked.answers:
        raise RuntimeError("No search was compared.")
    wrong = sum(checked.answers)
    figure("writes.search.compared", len(checked.answers), "answers")
    figure("writes.search.wrong", wrong, "answers")
    figure("writes.search.booked_meanwhile", sum(len(w.milliseconds) for w in writers), "bookings")
    if wrong:
        raise RuntimeError("A search was wrong while others wrote.")


def _say(name: str, busy: Work, alone: Work) -> None:
    if busy.errors:
        raise RuntimeError(busy.errors[0])
    spread(name, busy.milliseconds)
    figure(f"{name}.cpu.database", _each(busy), "ms each")
    for cut in (50, 95):
        ratio = percentile(busy.milliseconds, cut) / percentile(alone.milliseconds, cut)
        figure(f"{name}.ratio.p{cut}", ratio, "times")
    figure(f"{name}.ratio.cpu", _each(busy) / _each(alone), "times")


def _each(work: Work) -> float:
    return work.database_ms / max(len(work.milliseconds), 1)


def _searcher(questions: list[Asked], seconds: float) -> Task:
    def task(barrier: Any) -> Work:
        work = Work()
        for one in questions[:20]:
            _ask(one)
        barrier.wait()
        watch, until = Watch(), time.perf_counter() + seconds
        for one in questions[20:]:
            if time.perf_counter() > until:
                break
            began = time.perf_counter()
            _ask(one)
            work.milliseconds.append((time.perf_counter() - began) * 1000)
        watch.note(work)
        return work

    return task


def _ask(one: Asked) -> list[int]:
    period = one.criteria.period
    return [row.space_id for row in window(one.where, period, one.filters).rows] if period else []


def _checker(country: Country, questions: list[Asked]) -> Task:
    """The first page and the brute force, in one snapshot: what others book lands after both."""

    def task(barrier: Any) -> Work:
        work = Work()
        barrier.wait()
        until = time.perf_counter() + SECONDS
        for one in questions:
            if time.perf_counter() > until:
                break
            work.answers.append(_is_wrong(country, one))
        return work

    return task


def _is_wrong(country: Country, one: Asked) -> bool:
    period = one.criteria.period
    if period is None:
        raise ValueError("A window has hours.")
    with transaction.atomic(), clock.frozen(moment(country.today)):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        found = _ask(one)
        rows = brute.window(Truth(moment(country.today)), one.where, period, one.filters)
        expected = [row[0] for row in islice(rows, PAGE)]
    return found != expected
