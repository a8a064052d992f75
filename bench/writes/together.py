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


def search_meanwhile(country: Country) -> None:
    """One searcher alone; one beside the writers; then one who checks every answer."""
    questions = list(Crowd(f"{country.seed} writes", country.today).windows(QUESTIONS))
    [alone] = at_once([_searcher(questions, SECONDS / 2)])
    spread("writes.search.alone", alone.milliseconds)
    figure("writes.search.alone.cpu.database", _each(alone), "ms each")
    slots = free(country, SLOTS)
    half = len(slots) // 2
    beside, *_ = at_once(
        [_searcher(questions, SECONDS), *tasks(CLIENTS, slots[:half], seconds=SECONDS)]
    )
    spread("writes.search.beside", beside.milliseconds)
    figure("writes.search.beside.cpu.database", _each(beside), "ms each")
    for cut in (50, 95):
        ratio = percentile(beside.milliseconds, cut) / percentile(alone.milliseconds, cut)
        figure(f"writes.search.ratio.p{cut}", ratio, "times")
    figure("writes.search.ratio.cpu", _each(beside) / _each(alone), "times")
    checked, *writers = at_once(
        [_checker(country, questions), *tasks(CLIENTS, slots[half:], seconds=SECONDS)]
    )
    if checked.errors:
        raise RuntimeError(checked.errors[0])
    wrong = sum(checked.answers)
    figure("writes.search.compared", len(checked.answers), "answers")
    figure("writes.search.wrong", wrong, "answers")
    figure("writes.search.booked_meanwhile", sum(len(w.milliseconds) for w in writers), "bookings")
    if wrong:
        raise RuntimeError("A search was wrong while others wrote.")


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
