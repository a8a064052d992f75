"""What blocks a project and what is proposed, on its sheet."""

from __future__ import annotations

from django.http import HttpRequest

from preau.accounts.actors import actor_of
from preau.core.cards import Panel
from preau.core.registries import project_panels
from preau.projects import perms, standing
from preau.projects.enums import STILL_BLOCKING, RecommendationState
from preau.projects.models import Project
from preau.projects.queries.blockages import blockages_of
from preau.projects.queries.recommendations import AWAITING, recommendations_for
from preau.projects.words.help import badge_of, lines_of, severity_of

#: What the sheet shows; the section's own page has the rest.
SHOWN_HERE = 5


def blockages_panel(request: HttpRequest, project: Project) -> Panel | None:
    """What stands, first; whoever may write can say that something blocks."""
    rows = list(blockages_of(project))
    still = [one for one in rows if one.state in STILL_BLOCKING]
    may_declare = perms.may_work(actor_of(request), "project.contribute", project)
    context = {
        "project": project,
        "standing": [(one, badge_of(one), severity_of(one)) for one in still[:SHOWN_HERE]],
        "over": len(rows) - len(still),
        "count": len(still),
        "may_declare": may_declare,
        "zone": project.time_zone,
    }
    return Panel("Blocages", "projects/help_blockages_panel.html", context)


def recommendations_panel(request: HttpRequest, project: Project) -> Panel | None:
    """What awaits the holder first. Drafts: counted for the State's side alone."""
    actor = actor_of(request)
    state_side = standing.sees_state_side(actor, project)
    rows = list(recommendations_for(actor, project))
    drafts = sum(one.state == RecommendationState.DRAFT for one in rows)
    sent = [one for one in rows if one.state != RecommendationState.DRAFT]
    sent.sort(key=lambda one: one.state not in AWAITING)
    context = {
        "project": project,
        "lines": lines_of(sent[:SHOWN_HERE]),
        "count": len(sent),
        "drafts": drafts,
        "state_side": state_side,
        "advises": perms.may_work(actor, "project.advise", project),
    }
    return Panel("Recommandations", "projects/help_recommendations_panel.html", context, not rows)


def register() -> None:
    project_panels.register("blockages", blockages_panel, order=20)
    project_panels.register("recommendations", recommendations_panel, order=30)
