"""What campaigns bring to pages of other rooms, to the menu and to the tasks."""

from __future__ import annotations

from django.http import HttpRequest

from preau.accounts.actors import actor_of
from preau.accounts.perms import allowed
from preau.core import navigation
from preau.core.cards import Panel
from preau.core.navigation import Link
from preau.core.registries import personal_data_sources, project_panels
from preau.projects.models import Project


def register() -> None:
    """Called once, when the room is ready."""
    from preau.initiatives.queries.campaigns import personal_data
    from preau.initiatives.tasks import campaigns as tasks  # noqa: F401
    from preau.initiatives.topics import campaigns as topics  # noqa: F401

    navigation.register(
        Link(
            "Collectes",
            "initiatives:campaign_list",
            order=42,
            menu=False,
            hub="proposer",
            text="Des projets près de chez vous demandent de l’argent, du matériel ou un coup de"
            " main : promettez votre part.",
        )
    )
    project_panels.register("initiatives.campaigns", _campaigns, order=103)
    personal_data_sources.register("initiatives.campaigns", personal_data, order=45)


def _campaigns(request: HttpRequest, project: Project) -> Panel | None:
    from preau.initiatives.queries.campaigns import campaigns_of

    may_run = allowed(actor_of(request), "campaign.run", project)
    lines = campaigns_of(project)
    if not lines and not (may_run and project.is_live):
        return None
    context = {"project": project, "lines": lines, "may_run": may_run}
    return Panel("Collectes", "initiatives/campaign_panel.html", context, not lines)
