"""At night: drafts that nobody comes back to, and those that wait for a pair."""

from __future__ import annotations

from procrastinate.contrib.django import app

from preau.projects.actions import drafts


@app.periodic(cron="20 3 * * *")
@app.task(name="projects.forget_drafts", queueing_lock="projects.forget_drafts")
def forget_drafts(timestamp: int) -> int:
    """Warn of, then throw away, what was left for six months; how many are gone."""
    drafts.warn_forgotten()
    return drafts.purge_forgotten()


@app.periodic(cron="40 6 * * *")
@app.task(name="projects.tell_new_pairs", queueing_lock="projects.tell_new_pairs")
def tell_new_pairs(timestamp: int) -> int:
    """Say to those who waited that their département has its pair."""
    return drafts.tell_new_pairs()
