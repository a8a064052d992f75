"""Speaking again of what is soon too late: drafts of answers, reviews."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from preau.core import clock
from preau.initiatives.emails import calls as emails
from preau.initiatives.enums.calls import SCORING, CallState, SubmissionState
from preau.initiatives.models import CallForInitiatives, Reviewer, Submission
from preau.initiatives.queries.calls import left_for

#: How long before the closing a draft is spoken of.
BEFORE_CLOSING = timedelta(days=3)
#: How long between two reminders to the same reviewer.
AGAIN = timedelta(days=3)
BATCH = 500


def calls_due() -> list[CallForInitiatives]:
    due = CallForInitiatives.objects.filter(state=CallState.PUBLISHED, closes_at__lte=clock.now())
    return list(due.order_by("closes_at")[:BATCH])


def remind_drafts() -> int:
    """Once for each closing day; how many were told."""
    now = clock.now()
    soon = Submission.objects.filter(
        state=SubmissionState.DRAFT,
        reminded_at=None,
        call__state=CallState.PUBLISHED,
        call__closes_at__gt=now,
        call__closes_at__lte=now + BEFORE_CLOSING,
    )
    told = 0
    for key in list(soon.order_by("pk").values_list("pk", flat=True)[:BATCH]):
        with transaction.atomic():
            found = soon.select_for_update(of=("self",)).select_related(
                "call__organization", "user", "organization"
            ).filter(pk=key).first()  # fmt: skip
            if found is None:  # sent, withdrawn or told meanwhile
                continue
            found.reminded_at = now
            found.save(update_fields=["reminded_at"])
            emails.remind_draft(found)
            told += 1
    return told


def remind_reviewers() -> int:
    """Those whose reviews were due, at most every three days."""
    told = 0
    late = Reviewer.objects.filter(
        removed_at=None,
        user__isnull=False,
        role__in=SCORING,
        call__state=CallState.REVIEWING,
        call__review_until__isnull=False,
    )
    for key in list(late.order_by("pk").values_list("pk", flat=True)[:BATCH]):
        with transaction.atomic():
            found = late.select_for_update(of=("self",)).select_related(
                "call__organization", "user"
            ).filter(pk=key).first()  # fmt: skip
            told += found is not None and _remind(found)
    return told


def _remind(reviewer: Reviewer) -> bool:
    today = clock.today(reviewer.call.zone)
    until, last = reviewer.call.review_until, reviewer.reminded_on
    if until is None or until >= today or (last is not None and last + AGAIN > today):
        return False
    left = left_for(reviewer)
    if not left:
        return False
    reviewer.reminded_on = today
    reviewer.save(update_fields=["reminded_on"])
    emails.remind_reviewer(reviewer, left)
    return True
