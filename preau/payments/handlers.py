"""What the room does of its own news, in their transaction: it writes to people, issues papers."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from preau.payments.enums import DueState, Nature
from preau.payments.events import due_changed, incident_opened
from preau.payments.letters import tell_incident, tell_paid, tell_to_pay
from preau.payments.models import Due, Incident
from preau.payments.paper_tasks import defer_issuing


@receiver(incident_opened)
def write_to_the_office(sender: Any, *, incident: Incident, **_: Any) -> None:
    tell_incident(incident)


@receiver(due_changed)
def write_to_the_payer(sender: Any, *, due: Due, **_: Any) -> None:
    """Once an entry, once a sum asked: the same news again finds it told.

    What is kept of a deposit is told with the decision, not asked of them.
    """
    is_kept = due.source.startswith("deposit:")
    if due.state == DueState.OPEN and due.payer_user_id is None and not is_kept:
        tell_to_pay(due)
    entry = due.payments.filter(nature=Nature.IN).order_by("-id").first()
    if entry is not None and not hasattr(entry, "reversed_by"):
        tell_paid(due, entry)


@receiver(due_changed)
def issue_what_is_missing(sender: Any, *, due: Due, **_: Any) -> None:
    if due.paid_cents or due.refunded_cents:
        defer_issuing(due)
