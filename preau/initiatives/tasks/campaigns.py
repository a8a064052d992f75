"""The night of campaigns: what opens, what ends, which addresses are forgotten."""

from __future__ import annotations

import logging

from procrastinate.contrib.django import app

from preau.accounts.actors import SYSTEM
from preau.core import clock
from preau.initiatives.actions import campaigns as actions
from preau.initiatives.actions import pledges
from preau.initiatives.queries import campaigns as queries

_log = logging.getLogger(__name__)


@app.periodic(cron="10 * * * *")
@app.task(queueing_lock="initiatives.look_after_campaigns")
def look_after_campaigns(timestamp: int) -> int:
    """Every hour, since midnight is not the same everywhere. Again does nothing more."""
    done = pledges.forget_unconfirmed()
    now = clock.now()
    for campaign in queries.by_the_clock(now.date()):
        try:
            done += actions.follow_clock(campaign, actor=SYSTEM)
        except Exception:  # one that fails must not keep the others waiting; retried in an hour
            _log.exception("campaign %s failed", campaign.pk)
    for campaign in queries.to_forget(now):
        done += actions.forget_addresses(campaign)
    return done
