"""Calls as everybody reads them."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from preau.accounts.actors import Actor, actor_of
from preau.accounts.perms import allowed, permission
from preau.core.errors import Refusal
from preau.core.once import once
from preau.initiatives.actions import submissions as actions
from preau.initiatives.forms.calls import AnswerWithProjectForm
from preau.initiatives.loading.calls import load_call
from preau.initiatives.models import CallForInitiatives, Submission
from preau.initiatives.queries import calls as queries
from preau.initiatives.screens import resume_url
from preau.projects.loading import load_project
from preau.projects.models import Project
from preau.resources.enums import Theme


@permission("call.browse")
@require_safe
def calls(request: HttpRequest) -> HttpResponse:
    theme = request.GET.get("theme", "")
    theme = theme if theme in Theme.values else ""
    context = {
        "listed": queries.public_calls(theme),
        "theme": theme,
        "themes": Theme.choices,
        "theme_label": Theme(theme).label if theme else "",
    }
    return render(request, "initiatives/calls.html", context)


@permission("call.see", load=load_call)
@require_safe
def call(request: HttpRequest, call: CallForInitiatives) -> HttpResponse:
    actor = actor_of(request)
    if not call.is_public and not allowed(actor, "call.read", call):
        raise Http404("Cet appel n’est pas publié.")
    context = {
        "call": call,
        "badge": queries.badge_of(call),
        "themes": [Theme(one).label for one in call.themes],
        "questions": call.questions.all(),
        "criteria": call.criteria.all(),
        "spaces": call.spaces.select_related("place__commune").filter(
            publication="publie", place__publication="publie"
        ),
        "winners": queries.winners(call),
        "mine": _mine(actor, call),
        "may_read": allowed(actor, "call.read", call),
    }
    return render(request, "initiatives/call.html", context)


def _mine(actor: Actor, call: CallForInitiatives) -> list[tuple[Submission, str]]:
    """What the hat worn has sent, or begun: with the page where it is taken up again."""
    if actor.user is None:
        return []
    theirs = [one for one in queries.mine(actor) if one.call_id == call.pk]
    return [(one, resume_url(one) if one.is_draft else "") for one in theirs]


@permission("call.answer", load=load_call)
def answer(request: HttpRequest, call: CallForInitiatives) -> HttpResponse:
    """What answering asks, and in whose name; begun on POST."""
    actor = actor_of(request)
    if not call.is_public:
        raise Http404("Cet appel n’est pas publié.")
    if request.method == "POST":
        try:
            return once(request, lambda: resume_url(actions.start(call, actor=actor)))
        except Refusal as refusal:
            messages.error(request, refusal.sentence)
            return redirect("initiatives:call", call.key)
    context = {
        "call": call,
        "sender": str(actor),
        "mine": _mine(actor, call),
        "questions": call.questions.count(),
        "criteria": call.criteria.all(),
    }
    return render(request, "initiatives/call_answer.html", context)


def _load_answering(answering_key: UUID) -> Project:
    return load_project(answering_key)


@permission("project.edit", load=_load_answering)
def answer_with_project(request: HttpRequest, project: Project) -> HttpResponse:
    """« Répondre à un appel » from a project: what it says fills the answer in."""
    found = queries.open_calls()
    form = AnswerWithProjectForm(request.POST or None, calls=found)
    if request.method == "POST" and form.is_valid():
        chosen, actor = form.cleaned_data["call"], actor_of(request)
        try:
            return once(
                request, lambda: resume_url(actions.start(chosen, actor=actor, project=project))
            )
        except Refusal as refusal:
            form.refuse(refusal)
    context = {"project": project, "form": form, "calls": found}
    return render(request, "initiatives/answer_with_project.html", context)
