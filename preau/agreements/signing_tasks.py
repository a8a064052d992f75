"""The worker's part of signing, and the clock's: reminders, deadlines, rounds left behind."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import timedelta

from procrastinate import RetryDecision
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.jobs import Job
from procrastinate.retry import BaseRetryStrategy

from preau.agreements import driving, queries_rounds
from preau.agreements.actions import advancing, outcome, rounds
from preau.core import clock

_log = logging.getLogger(__name__)
LONGEST_WAIT = 600
MAX_ATTEMPTS = 500


class Patience(BaseRetryStrategy):
    """2 s, 4 s, 8 s… then every ten minutes, for days: a time-stamp is never done without."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        if job.attempts >= MAX_ATTEMPTS:
            return None
        return RetryDecision(
            retry_in={"seconds": min(2 ** min(job.attempts + 1, 10), LONGEST_WAIT)}
        )


@app.task(name=outcome.ADVANCE_ROUND, retry=Patience())
def advance_round(*, round_id: int) -> None:
    """Sign for whoever consented, seal, make the proof: whatever can be done now."""
    try:
        driving.follow(round_id)
        advancing.advance(round_id)
    except Exception:
        # Two may not wait under one queueing lock: the job that waits already is the next attempt.
        if not _has_a_job(round_id, "todo"):
            raise
        _log.exception("Round %s is left to the job that waits", round_id)


@app.task(name=outcome.WITHDRAW_ROUND, retry=Patience())
def withdraw_round(*, round_id: int) -> None:
    """Tell the outside service that a round is over here."""
    driving.withdraw(round_id)


@app.periodic(cron="*/2 * * * *")
@app.task(name="agreements.resume_rounds", queueing_lock="agreements.resume_rounds")
def resume_rounds(timestamp: int) -> int:
    """Put in the queue again the rounds that have something to do and no job to do it."""
    found = 0
    for round_id in queries_rounds.to_advance(clock.now() - timedelta(minutes=2)):
        if not _has_a_job(round_id, "todo", "doing"):
            outcome.defer_advance(round_id)
            found += 1
    return found


def _has_a_job(round_id: int, *statuses: str) -> bool:
    jobs = ProcrastinateJob.objects.filter(
        task_name=outcome.ADVANCE_ROUND, lock=outcome.job_key(round_id), status__in=statuses
    )
    return bool(jobs.exists())


@app.periodic(cron="*/10 * * * *")
@app.task(name="agreements.expire_rounds", queueing_lock="agreements.expire_rounds")
def expire_rounds(timestamp: int) -> int:
    """End the rounds whose deadline has passed."""
    return _each(queries_rounds.overdue(clock.now()), rounds.expire_round)


@app.periodic(cron="40 7 * * *")
@app.task(name="agreements.remind_signatories", queueing_lock="agreements.remind_signatories")
def remind_signatories(timestamp: int) -> int:
    """Write to those who have let their turn wait."""
    return _each(queries_rounds.whose_turn(), rounds.remind)


def _each(ids: Iterable[int], act: Callable[[int], bool]) -> int:
    """Do it for each; how many. One that fails must not keep the others waiting."""
    done = 0
    for one in ids:
        try:
            done += act(one)
        except Exception:  # the next run retries
            _log.exception("%s failed for %s", act.__name__, one)
    return done
