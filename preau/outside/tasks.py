"""The clock's part: failures are forgotten after a month, answers about companies after three,
and so are accounts that nobody calls for any more."""

from __future__ import annotations

from datetime import timedelta

from django.db.models.functions import Greatest
from procrastinate.contrib.django import app

from preau.core import clock
from preau.outside import companies
from preau.outside.models import ServiceFailure, ServiceState

KEPT = timedelta(days=30)
ACCOUNTS_KEPT = timedelta(days=90)


@app.periodic(cron="53 3 * * *")
@app.task(name="outside.forget_failures", queueing_lock="outside.forget_failures")
def forget_failures(timestamp: int) -> int:
    return ServiceFailure.objects.filter(at__lt=clock.now() - KEPT).delete()[0]


@app.periodic(cron="55 3 * * *")
@app.task(name="outside.forget_accounts", queueing_lock="outside.forget_accounts")
def forget_accounts(timestamp: int) -> int:
    """An organisation or an endpoint that is gone leaves its account; the service’s own stays."""
    since = clock.now() - ACCOUNTS_KEPT
    silent = ServiceState.objects.annotate(last=Greatest("last_success_at", "last_failure_at"))
    return silent.filter(last__lt=since).exclude(account="").delete()[0]


@app.periodic(cron="57 3 * * *")
@app.task(name="outside.forget_companies", queueing_lock="outside.forget_companies")
def forget_companies(timestamp: int) -> int:
    return companies.forget()
