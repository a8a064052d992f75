"""The night's part: the days that « ouvert maintenant » asks move forward."""

from __future__ import annotations

from procrastinate.contrib.django import app

from preau.directory import opening


@app.periodic(cron="25 0 * * *")
@app.task(queueing_lock="directory.move_days")
def move_days(timestamp: int) -> int:
    """Two weeks ahead from today, for every sheet with hours; how many days were written."""
    return _move_all()


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
