"""What the users of a programme say of it."""

from __future__ import annotations

from django.db import transaction

from preau.accounts.actors import Actor
from preau.core import audit, clock
from preau.core.errors import Forbidden, Refusal
from preau.projects.models import Programme, ProgrammeFeedback
from preau.projects.queries.feedback import project_in


@transaction.atomic
def give(programme: Programme, *, mark: int, comment: str, actor: Actor) -> ProgrammeFeedback:
    """Keep a person's opinion; given again in the year, the last one stands.

    Raises:
        Forbidden: they carry no project in this programme.
        Refusal: the mark is not one.
    """
    project = project_in(programme, actor)
    if project is None:
        raise Forbidden(
            "Cet avis est demandé aux personnes qui portent un projet dans ce programme."
        )
    if not 1 <= mark <= 5:
        raise Refusal("Choisissez une note de 1 à 5.", field="mark", code="mark")
    now = clock.now()
    given, _ = ProgrammeFeedback.objects.update_or_create(
        programme=programme,
        user=actor.person,
        year=now.year,
        defaults={
            "mark": mark,
            "comment": comment.strip()[:2000],
            "project": project,
            "at": now,
        },
    )
    # The journal says that somebody answered, not what.
    audit.record(actor, "projects.feedback", programme)
    return given
