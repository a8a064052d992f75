"""`make bench ONLY=projects`: what seeing 40,000 projects costs, in the database and over HTTP.

Each question is answered by the functions that the pages call, for people drawn among those of a
département, a région, the nation, and mayors. `.db` is the time of the statements seen from here,
`.cpu` what the server's process worked for them.
"""

from __future__ import annotations

import json
import statistics

from bench.figures import figure, progress, spread, timed
from bench.projects import Portfolio, mirroring, seeing, table
from bench.projects.questions import KINDS, Crowd, Kind
from bench.reads.watch import explained, watching
from preau.portfolio import counting
from preau.projects.models import Project

QUERIES, WARMING, EXPLAINED = 200, 20, 10


def main(portfolio: Portfolio) -> None:
    if any(word.startswith("projects.mirror") for word in portfolio.only):  # only when named
        mirroring.main(portfolio)
    with timed("projects.counting.first"):
        counting.refresh()
    with timed("projects.counting.again"):
        counting.refresh()
    for kind in KINDS:
        for persona in kind.personas:
            if portfolio.wants(f"projects.{kind.name}.{persona}"):
                measure(kind, persona, portfolio)
    if portfolio.wants("projects.export"):
        export(portfolio)
    if portfolio.wants("projects.http"):
        seeing.main(portfolio)
    (portfolio.folder / "projects-machine.json").write_text(json.dumps(table.machine()) + "\n")
    if portfolio.wants("projects.table"):
        table.write(portfolio.folder)


def measure(kind: Kind, persona: str, portfolio: Portfolio) -> None:
    """One kind of read by one kind of person: warmed, timed, then explained."""
    crowd = Crowd(f"{portfolio.seed} {kind.name} {persona}")
    questions = [(crowd.actor(persona), kind.ask(crowd)) for _ in range(WARMING + QUERIES)]
    database, worked, rows, statements, caught = [], [], [], [], []
    for number, (actor, asked) in enumerate(questions):
        for kept in ("_competences", "_project_roles"):
            actor.person.__dict__.pop(kept, None)
        with watching() as watch:
            found = kind.answer(actor, asked)
        if number < WARMING:
            continue
        database.append(watch.ms)
        worked.append(watch.cpu_ms or 0.0)
        rows.append(found)
        statements.append(len(watch.statements))
        caught.append(watch.statements)
        progress(f"projects.{kind.name}.{persona}", number + 1, len(questions))
    name = f"projects.{kind.name}.{persona}"
    spread(f"{name}.db", database)
    spread(f"{name}.cpu", worked)
    pages = [sum(one.pages for one in explained(some)) for some in caught[:EXPLAINED]]
    for label, values, unit in (
        ("rows", rows, "rows"),
        ("buffers", pages, "pages"),
        ("statements", statements, "queries"),
    ):
        figure(f"{name}.{label}.median", int(statistics.median(values)), unit)
        figure(f"{name}.{label}.max", max(values), unit)


def export(portfolio: Portfolio) -> None:
    """Every project of the nation as rows: how long, how many statements."""
    from preau.core.tables.writing import csv_lines
    from preau.portfolio.exports import Table
    from preau.portfolio.filters import Filters

    actor = Crowd(f"{portfolio.seed} export").actor("nation")
    with watching() as watch, timed("projects.export.seconds"):
        made = Table(Filters(), actor)
        lines = sum(1 for _ in csv_lines(made.headings, made.rows()))
    figure("projects.export.lines", lines - 1, "lines")
    figure("projects.export.statements", len(watch.statements), "queries")
    figure("projects.export.projects", Project.objects.count(), "projects")
