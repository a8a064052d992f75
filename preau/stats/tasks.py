"""The nightly part: the figures are never counted while somebody waits."""

from __future__ import annotations

from procrastinate.contrib.django import app

from preau.stats import actions, project_months


@app.periodic(cron="23 2 * * *")
@app.task(name="stats.write_missing", queueing_lock="stats.write_missing")
def write_missing(timestamp: int) -> int:
    """Write the figures of months that have ended."""
    return actions.write_missing()


@app.periodic(cron="33 2 * * *")
@app.task(name="stats.write_projects", queueing_lock="stats.write_projects")
def write_projects(timestamp: int) -> int:
    """The same of projects."""
    return project_months.write_missing()
