"""The clock's part with calls. Each run is idempotent."""

from __future__ import annotations

import logging

from procrastinate.contrib.django import app

from preau.initiatives.actions import calls, reminders

_log = logging.getLogger(__name__)


@app.periodic(cron="*/5 * * * *")
@app.task(name="initiatives.close_calls", queueing_lock="initiatives.close_calls")
def close_calls(timestamp: int) -> int:
    """Close what is due; the pages and the verbs had already followed the clock."""
    closed = 0
    for call in reminders.calls_due():
        try:
            closed += calls.close_due(call)
        except Exception:  # one that fails must not keep the others waiting
            _log.exception("closing call %s failed", call.pk)
    return closed


@app.periodic(cron="15 7,13 * * *")
@app.task(name="initiatives.remind_calls", queueing_lock="initiatives.remind_calls")
def remind(timestamp: int) -> int:
    """Speak again of drafts soon too late, and of late reviews."""
    return reminders.remind_drafts() + reminders.remind_reviewers()
