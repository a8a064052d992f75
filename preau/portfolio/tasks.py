"""The clock's part: counts made ahead."""

from __future__ import annotations

from procrastinate.contrib.django import app

from preau.portfolio import counting
from preau.portfolio.bringing.tasks import bring_in  # noqa: F401  the worker looks for it here
from preau.portfolio.figures import tasks as figure_tasks  # noqa: F401  (declares them)


@app.periodic(cron="*/10 * * * *")
@app.task(name="portfolio.count_projects", queueing_lock="portfolio.count_projects")
def count_projects(timestamp: int) -> None:
    """What dashboards and portfolios show; half a second for 40,000 projects."""
    counting.refresh()
