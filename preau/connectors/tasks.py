"""The clock's part: states asked again, reminders, démarches read again. Each run is idempotent."""

from __future__ import annotations

from procrastinate.contrib.django import app

from preau.connectors.actions import following, procedures, reading
from preau.integrations.http import Unavailable


@app.periodic(cron="*/10 * * * *")
@app.task(name="connectors.follow_dossiers", queueing_lock="connectors.follow_dossiers")
def follow_dossiers(timestamp: int) -> int:
    """What became of the dossiers sent, by token, without any key."""
    following.give_up_cut_short()
    try:
        return following.follow()
    except Unavailable:  # kept by `outside`; the next run asks again
        return 0


@app.periodic(cron="5-59/15 * * * *")
@app.task(name="connectors.read_dossiers", queueing_lock="connectors.read_dossiers")
def read_dossiers(timestamp: int) -> int:
    """The same where a démarche has given its token, and what it kept of what was sent."""
    return reading.read_all()


@app.periodic(cron="20 * * * *")
@app.task(name="connectors.remind_dossiers", queueing_lock="connectors.remind_dossiers")
def remind_dossiers(timestamp: int) -> int:
    """Dossiers that the service deletes in two days unless somebody opens them."""
    return following.remind()


@app.periodic(cron="40 3 * * *")
@app.task(name="connectors.refresh_procedures", queueing_lock="connectors.refresh_procedures")
def refresh_procedures(timestamp: int) -> int:
    """Démarches change: what is offered is read again each night, what is old is forgotten."""
    following.forget()
    return procedures.refresh_all()
