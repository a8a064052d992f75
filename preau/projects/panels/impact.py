"""Two sections of the sheet: the money, and what came of it."""

from __future__ import annotations

from django.http import HttpRequest

from preau.accounts.actors import actor_of
from preau.accounts.perms import allowed
from preau.core.cards import Panel
from preau.core.registries import project_panels
from preau.projects.actions.reviewing import REVIEWABLE
from preau.projects.enums import ProjectState
from preau.projects.models import Project
from preau.projects.queries import impact
from preau.projects.words.impact import DIFFERENCE, SATISFACTION, figure_rows


def funding_panel(request: HttpRequest, project: Project) -> Panel | None:
    funding = impact.funding_of(project)
    may_write = allowed(actor_of(request), "project.fund", project)
    if not funding.requests and not (may_write and project.is_live):
        return None
    context = {"project": project, "funding": funding, "may_write": may_write}
    return Panel(
        "Financements", "projects/impact_funding_panel.html", context, not funding.requests
    )


def review_panel(request: HttpRequest, project: Project) -> Panel | None:
    """The review once it is finished; before, the way to write it for whoever may."""
    actor = actor_of(request)
    review = impact.review_of(project)
    may_write = allowed(actor, "project.review", project) and project.state in REVIEWABLE
    if review is not None and review.finished_at is None and not impact.may_read(review, actor):
        review, may_write = None, False
    if review is None and not may_write:
        return None
    writes = may_write and (review is None or review.side == impact.side_of(actor, project))
    context = {
        "project": project,
        "review": review,
        "may_write": writes,
        "asked": impact.asked_for_review(project),
        "may_close": allowed(actor, "project.move", project)
        and project.state in {ProjectState.QUALIFIED, ProjectState.ACCOMPANIED},
        "rows": figure_rows(review.figures) if review else [],
        "difference": DIFFERENCE.get(review.difference or 0, "") if review else "",
        "satisfaction": SATISFACTION.get(review.satisfaction or 0, "") if review else "",
    }
    # Where one closes the project; once it is closed, or the review asked for, what is left to do.
    waits = context["may_close"] or context["asked"] or not project.is_live
    is_empty = review is None and not waits
    return Panel("Bilan", "projects/impact_review_panel.html", context, is_empty)


def register() -> None:
    project_panels.register("funding", funding_panel, order=90)
    project_panels.register("review", review_panel, order=95)
