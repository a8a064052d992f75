"""What waits on the holder's side, under the hat worn: told on their home page."""

from __future__ import annotations

from django.db.models import QuerySet

from preau.accounts.actors import Actor
from preau.projects import standing
from preau.projects.enums import LIVE, ProjectState
from preau.projects.models import Project, Recommendation
from preau.projects.queries.blockages import blocked
from preau.projects.queries.drafts import UNANSWERED

#: Beyond, a page says it better.
MOST = 20


def _held(actor: Actor) -> QuerySet[Project]:
    return Project.objects.filter(standing.held(actor), state__in=LIVE)


def unanswered(actor: Actor) -> tuple[int, Recommendation | None]:
    """How many pieces of advice await an answer in the project of the oldest one, and that one."""
    found = Recommendation.objects.filter(
        project__in=_held(actor).values("pk"), state__in=UNANSWERED
    )
    first = found.select_related("project").order_by("sent_at", "pk").first()
    if first is None:
        return 0, None
    return found.filter(project=first.project_id).count(), first


def held_back(actor: Actor) -> list[Project]:
    """Those that something blocks, the last touched first."""
    return list(_held(actor).filter(blocked()).order_by("-updated_at", "-pk")[:MOST])


def awaited(actor: Actor) -> list[Project]:
    """Those that nobody of the State has acknowledged yet, the oldest first."""
    found = _held(actor).filter(state=ProjectState.DEPOSITED)
    shown = found.select_related("service_in_charge__organization", "lead_commune")
    return list(shown.order_by("deposited_at", "pk")[:MOST])
