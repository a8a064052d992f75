"""The clock's part of the people's room. Each run is idempotent."""

from __future__ import annotations

from procrastinate.contrib.django import app

from preau.accounts.actions import merging


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="accounts.sweep_merged")
def sweep_merged(timestamp: int) -> int:
    """Bring over what was begun under an organisation before it was merged, and ended after."""
    return merging.sweep()
