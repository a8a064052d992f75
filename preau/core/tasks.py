"""The clock's part of what every room rests on. Each run is idempotent."""

from __future__ import annotations

from procrastinate.contrib.django import app

from preau.core import once


@app.periodic(cron="47 3 * * *")
@app.task(name="core.forget_sent_forms", queueing_lock="core.forget_sent_forms")
def forget_sent_forms(timestamp: int) -> int:
    """Forget the forms whose pages nobody goes back to any more."""
    return once.forget()
