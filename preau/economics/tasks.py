"""The room's nights: answers asked for again, rounds closed at their date, addresses erased."""

from __future__ import annotations

import logging

from procrastinate.contrib.django import app

from preau.economics import queries
from preau.economics.actions import proposing

_log = logging.getLogger(__name__)


@app.periodic(cron="20 5 * * *")
@app.task(queueing_lock="economics.remind_providers")
def remind_providers(timestamp: int) -> int:
    """How many allocations somebody was reminded of. Again does nothing more."""
    done = 0
    for allocation in queries.allocations_to_remind():
        try:
            done += proposing.remind(allocation)
        except Exception:  # one that fails must not keep the others waiting; next night retries
            _log.exception("allocation %s failed", allocation.pk)
    return done
