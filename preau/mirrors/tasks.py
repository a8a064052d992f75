"""Runs are a worker's; the clock begins them, and goes on with those whose worker died."""

from __future__ import annotations

from datetime import timedelta

from procrastinate.contrib.django import app

from preau.mirrors.actions import hooks, runs
from preau.mirrors.enums import RunKind
from preau.mirrors.syncing import running


@app.task(name="mirrors.sync")
def sync(*, run_id: int) -> None:
    running.work(run_id)


@app.task(name="mirrors.reread")
def reread(*, table_id: int) -> None:
    """Follow what Grist has hinted at; when it does not answer, the next run does."""
    hooks.follow(table_id)


@app.periodic(cron="*/15 * * * *")
@app.task(name="mirrors.begin_recent", queueing_lock="mirrors.begin_recent")
def begin_recent(timestamp: int) -> int:
    return runs.begin_all(RunKind.RECENT)


@app.periodic(cron="23 2 * * *")
@app.task(name="mirrors.begin_check", queueing_lock="mirrors.begin_check")
def begin_check(timestamp: int) -> int:
    return runs.begin_all(RunKind.CHECK)


@app.periodic(cron="*/5 * * * *")
@app.task(name="mirrors.go_on", queueing_lock="mirrors.go_on")
def go_on(timestamp: int) -> int:
    return runs.go_on()


@app.periodic(cron="41 4 * * 0")
@app.task(name="mirrors.forget", queueing_lock="mirrors.forget")
def forget(timestamp: int) -> int:
    """Past runs after three months, what was decided after a year."""
    return runs.forget(runs_after=timedelta(days=90), conflicts_after=timedelta(days=365))
