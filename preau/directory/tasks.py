"""What the clock does: « ouvert maintenant » moves forward, signals that wait are told again."""

from __future__ import annotations

from procrastinate.contrib.django import app

from preau.directory import opening
from preau.directory.actions import signalling
from preau.directory.bringing import tasks as bringing_tasks  # noqa: F401  (declares them)
from preau.directory.open_data import tasks as open_data_tasks  # noqa: F401  (declares them)


@app.periodic(cron="25 0 * * *")
@app.task(queueing_lock="directory.move_days")
def move_days(timestamp: int) -> int:
    """Two weeks ahead from today, for every sheet with hours; how many days were written."""
    return _move_all()


@app.periodic(cron="35 7 * * *")
@app.task(queueing_lock="directory.remind_signals")
def remind_signals(timestamp: int) -> int:
    """Signals that have waited for a month: whoever decides is told once more."""
    return signalling.remind()


@app.periodic(cron="40 2 * * *")
@app.task(queueing_lock="directory.forget_addresses")
def forget_addresses(timestamp: int) -> int:
    """Addresses of signals that nobody answered in a year."""
    return signalling.forget_addresses()


@app.task(name="directory.follow_holidays")
def follow_holidays() -> int:
    """The same at once, when school holidays are published."""
    return _move_all()


def _move_all() -> int:
    written, last = opening.move_forward()
    total = written
    while last:
        written, last = opening.move_forward(last)
        total += written
    return total
