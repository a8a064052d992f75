"""The clock's part with supports."""

from __future__ import annotations

from procrastinate.contrib.django import app

from preau.initiatives.actions import supports


@app.periodic(cron="40 3 * * *")
@app.task(name="initiatives.erase_supports", queueing_lock="initiatives.erase_supports")
def erase_supports(timestamp: int) -> int:
    """Nobody's name is kept more than a year for having supported something."""
    return supports.erase_old()
