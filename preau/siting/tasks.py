"""Long computations are a worker's; runs whose worker died are said to have failed."""

from __future__ import annotations

from procrastinate.contrib.django import app

from preau.siting import running
from preau.siting.actions import scenarios
from preau.siting.models import ScenarioRun


@app.task(name="siting.run_scenario")
def run_scenario(*, run_id: int) -> None:
    """Nothing to do when the scenario was removed meanwhile."""
    run = (
        ScenarioRun.objects.select_related("scenario__study", "scenario__travel_times", "asked_by")
        .filter(pk=run_id)
        .first()
    )
    if run is not None:
        running.work(run)


@app.periodic(cron="*/5 * * * *")
@app.task(name="siting.give_up_silent", queueing_lock="siting.give_up_silent")
def give_up_silent(timestamp: int) -> int:
    return scenarios.give_up_silent()
