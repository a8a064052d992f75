"""The deliveries, and the watch over the queue: nothing waits for a worker that died."""

from __future__ import annotations

from procrastinate import JobContext, RetryDecision
from procrastinate.contrib.django import app
from procrastinate.exceptions import ProcrastinateException
from procrastinate.jobs import Job, Status
from procrastinate.retry import BaseRetryStrategy

from preau.notifications import actions

LONGEST_WAIT = 3600
#: A worker says every 10 s that it lives.
SILENT_FOR = 30


class BackOff(BaseRetryStrategy):
    """4 s, 16 s, 1 min, 4 min, 17 min, then every hour; the outbox decides when it is over."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        if job.attempts >= actions.MAX_ATTEMPTS:
            return None
        seconds = min(4 ** min(job.attempts + 1, 10), LONGEST_WAIT)
        return RetryDecision(retry_in={"seconds": seconds})


@app.task(name=actions.SEND_EMAIL, retry=BackOff())
def send_email(*, email_id: int) -> None:
    """Deliver one message of the outbox."""
    actions.deliver(email_id)


@app.periodic(cron="* * * * *")
@app.task(name="notifications.sweep_outbox", queueing_lock="notifications.sweep_outbox")
def sweep_outbox(timestamp: int) -> None:
    """Carry again the messages whose job vanished."""
    actions.sweep_outbox()


@app.periodic(cron="* * * * *")
@app.task(
    name="notifications.retry_stalled_jobs",
    queueing_lock="notifications.retry_stalled_jobs",
    pass_context=True,
)
async def retry_stalled_jobs(context: JobContext, timestamp: int) -> None:
    """Put back the jobs, of every room, that a killed worker was doing.

    Has no `lock`: it would wait for its own stalled self.
    """
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=SILENT_FOR):
        try:
            await manager.retry_job(job)
        except ProcrastinateException:  # the same job already waits in the queue: one is enough
            await manager.finish_job(job, status=Status.FAILED, delete_job=False)


@app.periodic(cron="17 3 * * *")
@app.task(
    name="notifications.forget_old_jobs",
    queueing_lock="notifications.forget_old_jobs",
    pass_context=True,
)
async def forget_old_jobs(context: JobContext, timestamp: int) -> None:
    """Remove the jobs that ended a week ago; the outbox keeps what was sent."""
    await context.app.job_manager.delete_old_jobs(
        nb_hours=7 * 24, include_failed=True, include_cancelled=True, include_aborted=True
    )


@app.periodic(cron="27 3 * * *")
@app.task(name="notifications.forget_old_letters", queueing_lock="notifications.forget_old_letters")
def forget_old_letters(timestamp: int) -> None:
    """Empty the letters sent a month ago."""
    actions.forget_old_letters()


@app.periodic(cron="0 5 * * *")
@app.task(name="notifications.write_digests", queueing_lock="notifications.write_digests")
def write_digests(timestamp: int) -> None:
    """The summary of the day, at seven in summer and six in winter."""
    actions.write_digests()


@app.periodic(cron="37 3 * * *")
@app.task(name="notifications.purge", queueing_lock="notifications.purge")
def purge(timestamp: int) -> None:
    """Remove what was told more than a year ago."""
    actions.purge()
