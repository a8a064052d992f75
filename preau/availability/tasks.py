"""The night's part: days appended, days forgotten, the search index compared with the truth."""

from __future__ import annotations

from procrastinate.contrib.django import app

from preau.availability.care import checking, opening, past


@app.periodic(cron="15 2 * * *")
@app.task(queueing_lock="availability.extend_horizon")
def extend_horizon(timestamp: int) -> int:
    """Write the days that have come within the horizon. Past days stay: they are what was open."""
    return opening.extend()


@app.periodic(cron="45 2 * * *")
@app.task(queueing_lock="availability.trim_index")
def trim_index(timestamp: int) -> int:
    """Forget the taken days that search no longer reads."""
    return past.trim()


@app.periodic(cron="10 3 * * *")
@app.task(queueing_lock="availability.check_index")
def check_index(timestamp: int) -> int:
    """Compare, repair, and keep the count for the operator (0 expected)."""
    return checking.nightly().differences


@app.task(name="availability.follow_holidays")
def follow_holidays() -> int:
    """Bring opening days to the school holidays just published, without waiting for the night."""
    return opening.extend()
