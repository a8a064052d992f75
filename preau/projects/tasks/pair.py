"""The clock's part with the pair and with follow-up. Each run is idempotent."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from typing import TypeVar

from procrastinate.contrib.django import app

from preau.projects.actions import deadlines, follow_up

_log = logging.getLogger(__name__)
One = TypeVar("One")


@app.periodic(cron="7,37 * * * *")
@app.task(name="projects.remind", queueing_lock="projects.remind")
def remind(timestamp: int) -> int:
    """Speak again of what waits to be taken into account."""
    return _each(deadlines.to_remind(), deadlines.remind)


@app.periodic(cron="*/10 * * * *")
@app.task(name="projects.escalate", queueing_lock="projects.escalate")
def escalate(timestamp: int) -> int:
    """Tell the region's services of what was not taken into account in time."""
    return _each(deadlines.overdue(), deadlines.escalate)


@app.periodic(cron="20 * * * *")
@app.task(name="projects.replace_gone", queueing_lock="projects.replace_gone")
def replace_gone(timestamp: int) -> int:
    """Give the projects of those who have left to whoever answers now."""
    return _each(deadlines.left_alone(), deadlines.replace_gone)


@app.periodic(cron="*/30 * * * *")
@app.task(name="projects.follow_up", queueing_lock="projects.follow_up")
def write_follow_ups(timestamp: int) -> int:
    """Write what is due to each, at the rhythm that they chose."""
    return _each(list(follow_up.due()), follow_up.issue)


@app.periodic(cron="10,40 * * * *")
@app.task(name="projects.remind_steps", queueing_lock="projects.remind_steps")
def remind_steps(timestamp: int) -> int:
    """Speak of the steps that end, once a day to each."""
    return follow_up.remind_steps()


def _each(ones: Iterable[One], act: Callable[[One], bool]) -> int:
    """Do it for each; how many it was done for."""
    done = 0
    for one in ones:
        try:
            done += act(one)
        except Exception:  # one that fails must not keep the others waiting; the next run retries
            _log.exception("%s %s failed", act.__name__, one)
    return done
