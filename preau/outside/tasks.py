"""The clock's part: failures are forgotten after a month, answers about companies after three."""

from __future__ import annotations

from datetime import timedelta

from procrastinate.contrib.django import app

from preau.core import clock
from preau.outside import companies
from preau.outside.models import ServiceFailure

KEPT = timedelta(days=30)


@app.periodic(cron="53 3 * * *")
@app.task(name="outside.forget_failures", queueing_lock="outside.forget_failures")
def forget_failures(timestamp: int) -> int:
    return ServiceFailure.objects.filter(at__lt=clock.now() - KEPT).delete()[0]


@app.periodic(cron="57 3 * * *")
@app.task(name="outside.forget_companies", queueing_lock="outside.forget_companies")
def forget_companies(timestamp: int) -> int:
    return companies.forget()
