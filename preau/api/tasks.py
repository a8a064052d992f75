"""The room’s tasks. Each run is idempotent."""

from __future__ import annotations

from django.db import transaction
from procrastinate.contrib.django import app

from preau.api import telling
from preau.api.actions import delivering
from preau.api.http import idempotency, limits
from preau.projects.models import Project


@app.task(name="api.deliver")
def deliver(delivery_id: int) -> None:
    """Try to hand one event over; what comes next is written with how it went."""
    delivering.deliver(delivery_id)


@app.task(name="api.tell_project_moved")
def tell_project_moved(project_id: int, state: str, before: str, at: str) -> int:
    """Queue it for each endpoint whose owner may read the project."""
    project = Project.objects.filter(pk=project_id).first()
    if project is None:
        return 0
    with transaction.atomic():
        return telling.project_moved(project, state, before, at)


@app.periodic(cron="*/5 * * * *")
@app.task(name="api.sweep_deliveries", queueing_lock="api.sweep_deliveries")
def sweep_deliveries(timestamp: int) -> int:
    return delivering.sweep()


@app.periodic(cron="17 * * * *")
@app.task(name="api.forget", queueing_lock="api.forget")
def forget(timestamp: int) -> int:
    """Answers, counts and deliveries that nobody asks again."""
    return idempotency.forget() + limits.forget() + delivering.forget()
