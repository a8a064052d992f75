"""Writing and reading what happened to a project."""

from __future__ import annotations

from django.db.models import Model, QuerySet

from preau.accounts.actors import Actor
from preau.core import audit, clock
from preau.projects.enums import EventKind, Visibility
from preau.projects.models import Project, ProjectEvent


def note(
    project: Project,
    kind: EventKind,
    *,
    actor: Actor,
    subject: Model | None = None,
    about: str = "",
    change: tuple[str, str] = ("", ""),
    reason: str = "",
    visibility: str = Visibility.MEMBERS,
) -> ProjectEvent:
    """Add a line, in the transaction of the change, and say that the project has moved.

    Args:
        subject: the row it is about; None for the project itself.
        about: what it is about, in words (the subject's own by default).
        change: from what to what: stored values of the field, or words.
    """
    before, after = change
    now = clock.now()
    event = ProjectEvent.objects.create(
        project=project,
        at=now,
        kind=kind,
        user=actor.user,
        on_behalf_of=_hat(actor),
        subject=(about or (str(subject) if subject is not None else ""))[:200],
        subject_id=subject.pk if subject is not None else None,
        before=before[:300],
        after=after[:300],
        reason=reason,
        visibility=visibility,
    )
    project.updated_at = now
    Project.objects.filter(pk=project.pk).update(updated_at=now)
    data = {"project": project.pk, "from": before[:80], "to": after[:80]}
    audit.record(actor, f"projects.{kind.name.lower()}", subject or project, reason=reason, **data)
    return event


def _hat(actor: Actor) -> str:
    return "Préau" if actor.is_system else str(actor.organization or "")[:160]


def events_of(project: Project, *, state_side: bool) -> QuerySet[ProjectEvent]:
    """The project's past, newest first; lines of the State's services only for them."""
    events = project.events.select_related("user").order_by("-id")
    return events if state_side else events.filter(visibility=Visibility.MEMBERS)
