"""Long computations, and the clock's part: workers that died, trials to review, seasons over."""

from __future__ import annotations

from datetime import timedelta

from procrastinate.contrib.django import app

from preau.core import clock
from preau.timetables import emails
from preau.timetables.actions import composing, publishing
from preau.timetables.enums import LIVE, TimetableState
from preau.timetables.models import Run, Timetable

#: A trial is spoken of a week before its review.
REMIND_BEFORE = timedelta(days=7)


@app.task(name="timetables.improve", retry=2)
def improve_grid(*, run_id: int) -> None:
    composing.work(run_id)


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="timetables.give_up_dead_runs")
def give_up_dead_runs(timestamp: int) -> int:
    """A grid is not locked for ever by a worker that died."""
    count = 0
    for run in Run.objects.filter(ended_at=None).select_related("timetable"):
        last = run.created_at + timedelta(seconds=run.asked_seconds) + composing.LATE
        if clock.now() > last:
            composing.give_up(run)
            count += 1
    return count


@app.periodic(cron="20 6 * * *")
@app.task(queueing_lock="timetables.follow_seasons")
def follow_seasons(timestamp: int) -> int:
    """Remind of the trials to review, once each; end what is past its last day."""
    soon = clock.now().date() + REMIND_BEFORE
    rows = Timetable.objects.filter(state=TimetableState.TRIAL, review_on__lte=soon)
    for timetable in rows.select_related("organization"):
        emails.remind_of_review(timetable)
    over = Timetable.objects.filter(state__in=LIVE, last_day__lt=clock.now().date())
    for timetable in over:
        publishing.end_season(timetable)
    return len(over)
