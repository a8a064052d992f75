"""The night of what is over for a year."""

from __future__ import annotations

from procrastinate.contrib.django import app

from preau.initiatives import forgetting


@app.periodic(cron="50 3 * * *")
@app.task(name="initiatives.forget_addresses", queueing_lock="initiatives.forget_addresses")
def forget_addresses(timestamp: int) -> int:
    """Of guests, juries and those who answered calls."""
    return forgetting.forget_old()
