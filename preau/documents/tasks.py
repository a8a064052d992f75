"""The clock's part: reminders, the night's anchors, what has been kept long enough."""

from __future__ import annotations

import logging

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from preau.documents import garbage, journal, reminders, retention
from preau.documents.integrity import faults

_log = logging.getLogger(__name__)
#: About a day of a silent authority, at most an hour apart.
PATIENCE = RetryStrategy(max_attempts=24, linear_wait=150)


@app.periodic(cron="10 7 * * *")
@app.task(queueing_lock="documents.remind")
def remind(timestamp: int) -> int:
    """Tell owners what expires soon, once at thirty days and once at seven."""
    return reminders.remind()


@app.periodic(cron="20 2 * * *")
@app.task(queueing_lock="documents.anchor", retry=PATIENCE)
def anchor(timestamp: int) -> int:
    """Time-stamp the heads of the journal; tried again while the authority is silent."""
    return journal.anchor_all()


@app.periodic(cron="50 3 * * *")
@app.task(queueing_lock="documents.verify")
def verify(timestamp: int) -> list[str]:
    """Verify every chain and its anchors. What is wrong goes to the log, for the operator."""
    found = faults()
    for fault in found:
        _log.critical("Journal: %s", fault)
    return found


@app.periodic(cron="40 4 * * 1")
@app.task(queueing_lock="documents.propose_eliminations")
def propose_eliminations(timestamp: int) -> int:
    """List what has been kept long enough; someone approves before anything goes."""
    return retention.propose()


@app.task(name=retention.DESTROY, retry=RetryStrategy(max_attempts=10, linear_wait=60))
def destroy(elimination_id: int) -> int:
    return retention.destroy(elimination_id)


@app.periodic(cron="15 5 * * *")
@app.task(queueing_lock="documents.collect_garbage")
def collect_garbage(timestamp: int) -> int:
    """Remove the bytes that nothing names any more."""
    return garbage.collect()


@app.periodic(cron="55 5 * * 0")
@app.task(queueing_lock="documents.sweep")
def sweep(timestamp: int) -> int:
    """Remove the bytes of deposits that never finished."""
    return garbage.sweep()


@app.periodic(cron="35 5 * * *")
@app.task(queueing_lock="documents.forget_readings")
def forget_readings(timestamp: int) -> int:
    """Erase who read what, a year after."""
    return journal.forget_readings()
