"""What follows money by itself: papers are issued and printed after each change."""

from __future__ import annotations

import contextlib
import logging
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from preau.core import clock
from preau.payments.actions import papers
from preau.payments.models import Due, Paper

_log = logging.getLogger(__name__)
ISSUE = "payments.issue_papers"
#: What the nightly sweep looks back on.
LOOKED_BACK = timedelta(days=3)


def defer_issuing(due: Due) -> None:
    """In the transaction of the change; several changes make one job."""
    key = f"payments.papers:{due.pk}"
    with contextlib.suppress(AlreadyEnqueued), transaction.atomic():
        app.configure_task(ISSUE, queueing_lock=key, lock=key).defer(due_id=due.pk)


@app.task(name=ISSUE, retry=RetryStrategy(max_attempts=5, exponential_wait=4))
def issue_papers(due_id: int) -> int:
    """Number what is missing, then make each file."""
    due = Due.objects.filter(pk=due_id).first()
    if due is None:
        return 0
    papers.issue(due)
    found = Paper.objects.filter(due=due, document=None).order_by("id")
    waiting = list(found.select_related("due", "credits"))
    for paper in waiting:
        papers.make_file(paper)
    return len(waiting)


@app.periodic(cron="40 3 * * *")
@app.task(name="payments.issue_missed", queueing_lock="payments.issue_missed")
def issue_missed(timestamp: int) -> int:
    """What a stopped worker may have left: those changed lately, and papers without a file."""
    lately = Q(changed_at__gte=clock.now() - LOOKED_BACK)
    found = Due.objects.filter(lately | Q(papers__document=None, papers__isnull=False)).distinct()
    count = 0
    for due in found.order_by("id").iterator(chunk_size=200):
        try:
            count += issue_papers(due.pk)
        except Exception:  # one that fails must not keep the others waiting
            _log.exception("papers of due %s could not be issued", due.pk)
    return count
