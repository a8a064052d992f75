"""Writing the audit trail. Every action calls `record` inside its transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, Protocol

from django.db.models import Count, Model, QuerySet

from preau.core import clock, rows
from preau.core.models import AuditEvent


class Author(Protocol):
    """Whoever acts: `preau.accounts.actors.Actor` in practice."""

    @property
    def user_id(self) -> int | None: ...

    @property
    def organization_id(self) -> int | None: ...


def record(
    actor: Author, verb: str, subject: Model, *, reason: str = "", **data: Any
) -> AuditEvent:
    """Note that the actor did this to the subject. `data`: ids and states, no personal data."""
    [event] = rows.insert([_event(actor, verb, subject, reason, data)])
    return event


def record_each(
    actor: Author, verb: str, subjects: Iterable[Model], *, reason: str = "", **data: Any
) -> None:
    """The same for each of several subjects, in one statement."""
    rows.insert([_event(actor, verb, one, reason, data) for one in subjects])


def _event(
    actor: Author, verb: str, subject: Model, reason: str, data: dict[str, Any]
) -> AuditEvent:
    return AuditEvent(
        at=clock.now(),
        user_id=actor.user_id,
        organization_id=actor.organization_id,
        verb=verb,
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        reason=reason,
        data=data,
    )


def history(subject: Model) -> QuerySet[AuditEvent]:
    """The subject's past, oldest first, with the people."""
    return (
        AuditEvent.objects.filter(
            subject_type=subject._meta.label_lower, subject_id=str(subject.pk)
        )
        .select_related("user")
        .order_by("id")
    )


def lengths(subjects: Collection[Model]) -> dict[int, int]:
    """How many events each of these subjects, of one model, has: in one query."""
    if not subjects:
        return {}
    label = next(iter(subjects))._meta.label_lower
    rows = AuditEvent.objects.filter(
        subject_type=label, subject_id__in=[str(one.pk) for one in subjects]
    )
    counted = dict(rows.values_list("subject_id").annotate(n=Count("id")))
    return {one.pk: counted.get(str(one.pk), 0) for one in subjects}
