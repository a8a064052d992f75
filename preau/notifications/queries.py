"""Reading the outbox and the demonstration's mailbox."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, Concat
from procrastinate.contrib.django.models import ProcrastinateJob

from preau.notifications.models import DeliveredEmail, Email, EmailState

#: What one sweep takes; the next one takes the rest.
SWEEP_SIZE = 1000
PAGE_SIZE = 20


def job_key(email_id: int) -> str:
    """The lock of a message's job in the queue."""
    return f"email:{email_id}"


def forgotten(*, before: datetime) -> list[int]:
    """Messages written before then that wait without a job, neither queued nor running."""
    key = Concat(Value("email:"), Cast(OuterRef("pk"), TextField()))
    live = ProcrastinateJob.objects.filter(
        Q(queueing_lock=key, status="todo") | Q(lock=key, status="doing")
    )
    return list(
        Email.objects.filter(state=EmailState.PENDING, created_at__lt=before)
        .filter(~Exists(live))
        .order_by("pk")
        .values_list("pk", flat=True)[:SWEEP_SIZE]
    )


def failed(*, before: int | None = None) -> QuerySet[Email]:
    """Messages that could not be delivered, most recent first."""
    emails = Email.objects.filter(state=EmailState.FAILED).order_by("-pk")
    return emails.filter(pk__lt=before) if before else emails


def being_retried() -> QuerySet[Email]:
    """Messages that failed at least once and will be tried again."""
    return Email.objects.filter(state=EmailState.PENDING).exclude(last_error="")


def recent_recipients() -> list[str]:
    """Who received the last messages, to choose from."""
    last = DeliveredEmail.objects.order_by("-pk").values_list("recipients", flat=True)[:200]
    return sorted({address for addresses in last for address in addresses})


def delivered(*, recipient: str = "", before: int | None = None) -> QuerySet[DeliveredEmail]:
    """What the demonstration's mailbox received, most recent first."""
    emails = DeliveredEmail.objects.order_by("-pk")
    if recipient:
        emails = emails.filter(recipients__contains=[recipient])
    return emails.filter(pk__lt=before) if before else emails
