"""The room's nights: answers asked for again, rounds closed at their date, addresses erased."""

from __future__ import annotations

import logging

from procrastinate.contrib.django import app

from preau.economics import queries
from preau.economics.actions import proposing, rounds

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


@app.periodic(cron="15 0 * * *")
@app.task(queueing_lock="economics.look_after_rounds")
def look_after_rounds(timestamp: int) -> int:
    """Rounds reminded, failed at their date, forgotten a year later: how many."""
    done = 0
    for round_ in queries.rounds_to_look_after():
        try:
            done += rounds.look_after(round_)
        except Exception:
            _log.exception("negotiation round %s failed", round_.pk)
    for round_ in queries.rounds_to_forget():
        rounds.forget(round_)
        done += 1
    return done
