"""Long computations, and the clock's part: workers that died, trials to review, seasons over."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import TypeVar

from procrastinate.contrib.django import app

from preau.core import clock
from preau.timetables import emails
from preau.timetables.actions import composing, publishing
from preau.timetables.enums import LIVE, TimetableState
from preau.timetables.models import Run, Timetable

_log = logging.getLogger(__name__)
Row = TypeVar("Row")
#: A trial is spoken of a week before its review.
REMIND_BEFORE = timedelta(days=7)


@app.task(name="timetables.improve", retry=2)
def improve_grid(*, run_id: int) -> None:
    composing.work(run_id)


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="timetables.give_up_dead_runs")
def give_up_dead_runs(timestamp: int) -> int:
    """A grid is not locked for ever by a worker that died."""
    rows = Run.objects.filter(ended_at=None).select_related("timetable")
    return _each([run for run in rows if composing.is_dead(run)], composing.give_up)


@app.periodic(cron="20 6 * * *")
@app.task(queueing_lock="timetables.follow_seasons")
def follow_seasons(timestamp: int) -> int:
    """Remind of the trials to review, once each; end what is past its last day."""
    soon = clock.today() + REMIND_BEFORE
    trials = Timetable.objects.filter(state=TimetableState.TRIAL, review_on__lte=soon)
    _each(trials.select_related("organization"), emails.remind_of_review)
    over = Timetable.objects.filter(state__in=LIVE, last_day__lte=clock.today())
    return _each(over, publishing.end_season)


def _each(rows: Iterable[Row], verb: Callable[[Row], object]) -> int:
    done = 0
    for row in rows:
        try:
            done += verb(row) is not False
        except Exception:  # one that fails must not keep the others waiting; next night retries
            _log.exception("%r failed", row)
    return done
