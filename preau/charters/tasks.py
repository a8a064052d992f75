"""The room's night: confirmations asked for, labels of those who did not confirm taken back."""

from __future__ import annotations

import logging

from procrastinate.contrib.django import app

from preau.charters import queries
from preau.charters.actions import adhesions, forgetting

_log = logging.getLogger(__name__)


@app.periodic(cron="50 4 * * *")
@app.task(queueing_lock="charters.look_after")
def look_after(timestamp: int) -> int:
    """How many adhesions something was done for. Again does nothing more."""
    done = 0
    for adhesion in queries.due():
        try:
            done += adhesions.look_after(adhesion)
        except Exception:  # one that fails must not keep the others waiting; next night retries
            _log.exception("adhesion %s failed", adhesion.pk)
    return done


@app.periodic(cron="55 4 * * *")
@app.task(queueing_lock="charters.forget")
def forget(timestamp: int) -> int:
    """Addresses of invitations that lapsed and of cards long over."""
    return forgetting.forget_invitations() + forgetting.forget_old_cards()
