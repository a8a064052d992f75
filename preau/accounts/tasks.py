"""The clock's part of the people's room. Each run is idempotent."""

from __future__ import annotations

import logging
import time

from procrastinate.contrib.django import app

from preau.accounts.actions import filling, merging
from preau.integrations.http import Unavailable

_log = logging.getLogger(__name__)
#: Seconds between two questions: the register takes 7 a second for a whole address.
PAUSE = 0.25


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="accounts.sweep_merged")
def sweep_merged(timestamp: int) -> int:
    """Bring over what was begun under an organisation before it was merged, and ended after."""
    return merging.sweep()


@app.periodic(cron="30 2 * * *")
@app.task(queueing_lock="accounts.refresh_from_register")
def refresh_from_register(timestamp: int) -> int:
    """Ask the register of companies again about what was filled from it, the oldest first.

    Stops where the register stops answering; the next night goes on from there.
    """
    done = 0
    for organization in filling.to_refresh():
        try:
            filling.refresh_since(organization)
        except Unavailable:
            break
        except Exception:  # one that fails must not keep the others waiting
            _log.exception("comparing organisation %s failed", organization.pk)
            filling.put_off(organization)
        done += 1
        time.sleep(PAUSE)
    return done
