"""What was proposed: the list, and one of them, as each side reads it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from preau.accounts.actors import Actor, actor_of
from preau.accounts.perms import allowed, permission
from preau.projects import perms, standing
from preau.projects.actions import replies
from preau.projects.enums import RECOMMENDATION_TRANSITIONS, RecommendationState
from preau.projects.forms.help import ANSWERS, ReplyForm
from preau.projects.loading.help import load_recommendation
from preau.projects.loading.sheet import load_filed
from preau.projects.models import Project, Recommendation
from preau.projects.queries.recommendations import (
    AWAITING,
    may_read,
    recommendations_for,
    why_lapsed,
)
from preau.projects.words.help import lines_of, recommendation_badge
from preau.resources.enums import HelpKind

_R = RecommendationState


@permission("project.read", load=load_filed)
@require_safe
def index(request: HttpRequest, project: Project) -> HttpResponse:
    actor = actor_of(request)
    lines = lines_of(recommendations_for(actor, project))
    drafts = [one for one in lines if one.recommendation.state == _R.DRAFT]
    waiting = [one for one in lines if one.recommendation.state in AWAITING]
    shown = {one.recommendation.pk for one in [*drafts, *waiting]}
    context = {
        "project": project,
        "drafts": drafts,
        "waiting": waiting,
        "answered": [one for one in lines if one.recommendation.pk not in shown],
        "advises": perms.may_work(actor, "project.advise", project),
        "answers": allowed(actor, "project.answer", project),
        "zone": project.time_zone,
    }
    return render(request, "projects/help_recommendations.html", context)


@permission("project.read", load=load_recommendation)
@require_safe
def page(request: HttpRequest, recommendation: Recommendation) -> HttpResponse:
    """The first time the holder's side opens it is dated; nobody else leaves a trace."""
    actor = actor_of(request)
    if not may_read(actor, recommendation):
        raise Http404("Cette recommandation n’existe pas dans ce projet.")
    if request.method == "GET":
        replies.see(recommendation, actor=actor)
    return render(request, "projects/help_recommendation.html", context_of(recommendation, actor))


def context_of(
    recommendation: Recommendation, actor: Actor, form: ReplyForm | None = None
) -> dict[str, Any]:
    """What the page of a recommendation shows to that person."""
    state = RecommendationState(recommendation.state)
    project = recommendation.project
    reachable = RECOMMENDATION_TRANSITIONS.get(state, frozenset())
    may_answer = allowed(actor, "project.answer", recommendation) and state not in {
        _R.DRAFT,
        _R.LAPSED,
    }
    past = list(recommendation.answers.select_related("user").order_by("-id")[:20])
    return {
        "project": project,
        "recommendation": recommendation,
        "badge": recommendation_badge(recommendation),
        "kind": HelpKind(recommendation.kind).label,
        "zone": project.time_zone,
        "state_side": standing.sees_state_side(actor, project),
        "advises": perms.may_work(actor, "project.advise", project),
        "may_withdraw": _R.LAPSED in reachable,
        "may_answer": may_answer,
        "form": form or (ReplyForm() if may_answer else None),
        "answers": ANSWERS,
        "past": past,
        "lapsed_because": why_lapsed(recommendation),
    }
