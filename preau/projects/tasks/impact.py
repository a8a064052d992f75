"""The clock's part in measuring: questions put to holders. Each run is idempotent."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.conf import settings
from procrastinate.contrib.django import app

from preau.core import clock
from preau.projects.actions import asking


@app.periodic(cron="12 8 * * *")
@app.task(name="projects.ask_where", queueing_lock="projects.ask_where")
def ask_where(timestamp: int) -> int:
    """Where is the project, six and twelve months after?"""
    return asking.ask_where()


@app.periodic(cron="22 8 * * *")
@app.task(name="projects.remind_impact", queueing_lock="projects.remind_impact")
def remind(timestamp: int) -> int:
    """One reminder of what was left without an answer."""
    return asking.remind()


@app.periodic(cron="32 8 * * *")
@app.task(name="projects.ask_yearly", queueing_lock="projects.ask_yearly")
def ask_yearly(timestamp: int) -> int:
    """What do users think of their programmes, once a year?"""
    return asking.ask_yearly(clock.today(ZoneInfo(settings.TIME_ZONE)))
