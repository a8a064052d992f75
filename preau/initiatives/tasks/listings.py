"""The night of listings: what has ended is no longer shown, what ends soon is said."""

from __future__ import annotations

import logging

from procrastinate.contrib.django import app

from preau.accounts.actors import SYSTEM
from preau.core import clock
from preau.initiatives.actions import listing_ends as actions
from preau.initiatives.actions.listing_states import today
from preau.initiatives.emails.listings import tell_expires_soon
from preau.initiatives.queries import listings as queries

_log = logging.getLogger(__name__)


@app.periodic(cron="40 4 * * *")
@app.task(queueing_lock="initiatives.look_after_listings")
def look_after_listings(timestamp: int) -> int:
    """Expire and warn; for how many something was done. Again does nothing more."""
    done = 0
    ending = queries.ending(clock.today()).select_related("commune").defer("search")
    for listing in ending.iterator():
        try:
            if actions.expire(listing, actor=SYSTEM):
                done += 1
            elif listing.valid_until and listing.valid_until >= today(listing):
                done += bool(tell_expires_soon(listing))
        except Exception:  # one that fails must not keep the others waiting; next night retries
            _log.exception("listing %s failed", listing.pk)
    return done
