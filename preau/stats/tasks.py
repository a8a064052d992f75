"""The nightly part: the figures are never counted while somebody waits."""

from __future__ import annotations

from procrastinate.contrib.django import app

from preau.stats import actions


@app.periodic(cron="23 2 * * *")
@app.task(name="stats.write_missing", queueing_lock="stats.write_missing")
def write_missing(timestamp: int) -> int:
    """Write the figures of months that have ended."""
    return actions.write_missing()
