"""What runs by itself: asking providers what became of operations, again and again."""

from __future__ import annotations

import contextlib
import logging

from django.db import transaction
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from preau.accounts.actors import SYSTEM
from preau.core import clock
from preau.integrations.http import Unavailable
from preau.outside.calls import NotAsked
from preau.payments import paper_tasks  # noqa: F401  (found by name from here)
from preau.payments.actions import trying
from preau.payments.models import Operation

_log = logging.getLogger(__name__)
ASK = "payments.ask_provider"


def defer_asking(operation: Operation) -> None:
    """A notification came, true or not: ask. Ten of them make one job at a time."""
    key = f"payments.ask:{operation.pk}"
    with contextlib.suppress(AlreadyEnqueued), transaction.atomic():
        app.configure_task(ASK, queueing_lock=key, lock=key).defer(operation_id=operation.pk)


@app.task(name=ASK, retry=RetryStrategy(max_attempts=4, exponential_wait=5))
def ask_provider(operation_id: int) -> None:
    operation = Operation.objects.filter(pk=operation_id).first()
    if operation is not None:
        trying.check(operation, actor=SYSTEM)


@app.periodic(cron="* * * * *")
@app.task(name="payments.reconcile", queueing_lock="payments.reconcile", lock="payments.reconcile")
def reconcile(timestamp: int) -> int:
    """Ask about every operation whose end is not known; how many were answered."""
    answered, paused = 0, set()
    for operation in trying.overdue(clock.now()):
        if operation.office_id in paused:
            continue
        try:
            trying.check(operation, actor=SYSTEM)
            answered += 1
        except NotAsked:
            paused.add(operation.office_id)
        except Unavailable:
            _log.warning("operation %s: the provider does not answer", operation.pk)
        except Exception:  # one that fails must not keep the others waiting
            _log.exception("operation %s could not be checked", operation.pk)
    return answered
