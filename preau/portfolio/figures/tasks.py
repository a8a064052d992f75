"""The clock's part: figures worked out ahead."""

from __future__ import annotations

from procrastinate.contrib.django import app

from preau.portfolio.figures import summaries


@app.periodic(cron="41 * * * *")
@app.task(name="portfolio.figures", queueing_lock="portfolio.figures")
def refresh(timestamp: int) -> int:
    """The nation, each region, département and programme."""
    return summaries.refresh()
