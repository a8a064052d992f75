"""`make bench ONLY=reads`: what each read costs, and whether its answers are right.

Each question is answered by the functions that the pages call. `.db` is the time of the
statements, execution and fetch, seen from here; `.call` is the whole call, Python included; `.cpu`
is what the server's process worked for it, which a busy machine does not change. The pages of
memory come from running a part of the questions again under EXPLAIN, outside the timing.
"""

from __future__ import annotations

import statistics
import sys
import time

from bench.country import Country
from bench.figures import figure, progress, spread
from bench.reads.kinds import KINDS, Kind
from bench.reads.oracle import compare
from bench.reads.questions import Crowd, moment
from bench.reads.watch import explained, watching
from preau.core import clock

QUERIES, WARMING, EXPLAINED = 300, 40, 50


def main(country: Country) -> None:
    with clock.frozen(moment(country.today)):
        for kind in KINDS:
            if country.wants(f"reads.{kind.name}"):
                measure(kind, country)
        if country.wants("reads.oracle") and compare(country):
            sys.exit(1)


def measure(kind: Kind, country: Country) -> None:
    """One kind: warmed, timed, then explained."""
    crowd = Crowd(f"{country.seed} {kind.name}", country.today)
    for one in kind.draw(crowd, WARMING):
        kind.answer(one)
    questions = list(kind.draw(crowd, QUERIES))
    database, calls, worked, rows, statements, caught = [], [], [], [], [], []
    for number, one in enumerate(questions, 1):
        with watching() as watch:
            start = time.perf_counter()
            found = kind.answer(one)
            calls.append((time.perf_counter() - start) * 1000)
        database.append(watch.ms)
        if watch.cpu_ms is not None:
            worked.append(watch.cpu_ms)
        rows.append(len(found))
        statements.append(len(watch.statements))
        caught.append(watch.statements)
        progress(f"reads.{kind.name}", number, len(questions))
    pages = [sum(s.pages for s in explained(one)) for one in caught[:EXPLAINED]]
    name = f"reads.{kind.name}"
    spread(f"{name}.db", database)
    spread(f"{name}.call", calls)
    if worked:
        spread(f"{name}.cpu", worked)
    for label, values, unit in (
        ("rows", rows, "rows"),
        ("buffers", pages, "pages"),
        ("statements", statements, "queries"),
    ):
        figure(f"{name}.{label}.median", int(statistics.median(values)), unit)
        figure(f"{name}.{label}.max", max(values), unit)
