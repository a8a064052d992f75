"""The library's night: what has ended is no longer shown, what ends soon is said."""

from __future__ import annotations

import logging

from procrastinate.contrib.django import app

from preau.resources import actions, mirror, queries
from preau.resources.actions.following import WARNING
from preau.resources.days import today

_log = logging.getLogger(__name__)


@app.periodic(cron="20 4 * * *")
@app.task(queueing_lock="resources.look_after")
def look_after(timestamp: int) -> int:
    """Expire and warn; how many records something was done for. Again does nothing more."""
    this_day, done = today(), 0
    for resource in queries.ending(on=this_day, within=WARNING).defer("snapshot", "search"):
        try:
            ended = resource.expires_on is not None and resource.expires_on < this_day
            done += actions.expire(resource, on=this_day) if ended else actions.warn(resource)
        except Exception:  # one that fails must not keep the others waiting; next night retries
            _log.exception("resource %s failed", resource.pk)
    return done


@app.periodic(cron="10 1-5 * * *")
@app.task(name=mirror.READ, queueing_lock=mirror.READ, lock=mirror.READ)
def read_aids(timestamp: int = 0) -> bool:
    """Each hour of the night until it was read whole once; what was read is not written again."""
    return mirror.read_tonight()


@app.task(name=mirror.READ_NOW, queueing_lock=mirror.READ_NOW, lock=mirror.READ)
def read_aids_now() -> bool:
    """Because the operator asked."""
    return mirror.read()
