"""What follows the room's own news: papers to issue, once the transaction is done."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from preau.payments.closing_tasks import defer_issuing
from preau.payments.events import due_changed
from preau.payments.models import Due


@receiver(due_changed)
def issue_what_is_missing(sender: Any, *, due: Due, **_: Any) -> None:
    if due.paid_cents or due.refunded_cents:
        defer_issuing(due)
