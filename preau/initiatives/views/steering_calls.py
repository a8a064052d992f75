"""Preparing a call, publishing it, its jury, its decisions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from preau.accounts.actors import Actor, actor_of
from preau.accounts.audiences import DECIDERS
from preau.accounts.models import Organization
from preau.accounts.perms import allowed, permission
from preau.core import formats
from preau.core.errors import Forbidden, Refusal
from preau.core.once import once
from preau.initiatives.actions import becoming, deciding
from preau.initiatives.actions import calls as actions
from preau.initiatives.actions.calls import CallFacts
from preau.initiatives.enums.calls import CallState, Decision
from preau.initiatives.forms.calls import (
    CallForm,
    CriterionForm,
    DecisionForm,
    PostponeForm,
    QuestionForm,
    ReviewerForm,
)
from preau.initiatives.loading.calls import (
    load_call,
    load_criterion,
    load_question,
    load_reviewer,
    load_submission,
)
from preau.initiatives.models import (
    CallForInitiatives,
    CallQuestion,
    Criterion,
    Reviewer,
    Submission,
)
from preau.initiatives.perms.calls import may_keep
from preau.initiatives.publishing import lacks_of
from preau.initiatives.queries import calls as queries


@permission("call.desk")
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    lines = [(one, queries.BADGES[CallState(one.state)]) for one in queries.calls_of(actor)]
    context = {"lines": lines, "may_keep": may_keep(actor), "organization": actor.organization}
    return render(request, "initiatives/call_desk.html", context)


@permission("call.desk")
def add(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    organization = actor.organization
    if organization is None or not may_keep(actor):
        return render(request, "initiatives/call_desk.html", {"lines": [], "may_keep": False})
    form = CallForm(request.POST or None, call=None)
    if request.method == "POST" and form.is_valid():
        try:
            return once(request, lambda: _drafted(request, organization, form.facts()))
        except Refusal as refusal:
            form.refuse(refusal)
    return render(request, "initiatives/call_form.html", {"form": form, "call": None})


def _drafted(request: HttpRequest, organization: Organization, facts: CallFacts) -> str:
    actor = actor_of(request)
    made = actions.draft_call(
        organization, title=facts.title, brief=facts.brief, area_key=facts.area_key, actor=actor
    )
    actions.edit_call(made, facts, actor=actor)
    messages.success(request, "Le brouillon est enregistré. Ajoutez questions et critères.")
    return reverse("initiatives:call_manage", args=[made.key])


@permission("call.read", load=load_call)
@require_safe
def manage(request: HttpRequest, call: CallForInitiatives) -> HttpResponse:
    """Everything of one call, and the one thing to do next."""
    actor = actor_of(request)
    decides = actor.membership is not None and actor.membership.role in DECIDERS
    table = queries.table_of(call, actor) if decides else []
    lines = [(one, queries.DECISION_BADGES[Decision(one.submission.decision)]) for one in table]
    context = {
        "call": call,
        "badge": queries.BADGES[CallState(call.state)],
        "lines": lines,
        "undecided": sum(not one.submission.decision for one in table),
        "questions": call.questions.all(),
        "criteria": call.criteria.all(),
        "reviewers": call.reviewers.filter(removed_at=None).select_related("user"),
        "is_over": call.is_over,
        "may_manage": allowed(actor, "call.manage", call),
        "drafts": call.submissions.filter(state="brouillon").count(),
        "decides": decides,
        "sent": call.submissions.filter(state="envoyee").count(),
    }
    return render(request, "initiatives/call_manage.html", context)


@permission("call.manage", load=load_call)
def edit(request: HttpRequest, call: CallForInitiatives) -> HttpResponse:
    form = CallForm(request.POST or None, call=call)
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit_call(call, form.facts(), actor=actor_of(request))
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "L’appel est enregistré.")
            return redirect("initiatives:call_manage", call.key)
    return render(request, "initiatives/call_form.html", {"form": form, "call": call})


@permission("call.manage", load=load_call)
def questions(request: HttpRequest, call: CallForInitiatives) -> HttpResponse:
    form = QuestionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return once(request, lambda: _asked(request, call, form))
        except Refusal as refusal:
            form.refuse(refusal)
    context = {"call": call, "form": form, "questions": call.questions.all()}
    return render(request, "initiatives/call_questions.html", context)


def _asked(request: HttpRequest, call: CallForInitiatives, form: QuestionForm) -> str:
    data = form.cleaned_data | {"choices": form.lines()}
    actions.add_question(call, actor=actor_of(request), **data)
    messages.success(request, "La question est ajoutée.")
    return reverse("initiatives:call_questions", args=[call.key])


def _act(request: HttpRequest, act: Callable[[Actor], object], done: str) -> None:
    """Do it, and say so or why not."""
    try:
        act(actor_of(request))
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, done)


@permission("call.manage", load=load_question)
@require_POST
def remove_question(request: HttpRequest, question: CallQuestion) -> HttpResponse:
    key = question.call.key
    _act(request, lambda a: actions.remove_question(question, actor=a), "Question retirée.")
    return redirect("initiatives:call_questions", key)


@permission("call.manage", load=load_question)
@require_POST
def raise_question(request: HttpRequest, question: CallQuestion) -> HttpResponse:
    _act(request, lambda a: actions.raise_question(question, actor=a), "La question est remontée.")
    return redirect("initiatives:call_questions", question.call.key)


@permission("call.manage", load=load_call)
def criteria(request: HttpRequest, call: CallForInitiatives) -> HttpResponse:
    form = CriterionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return once(request, lambda: _weighed(request, call, form))
        except Refusal as refusal:
            form.refuse(refusal)
    context = {"call": call, "form": form, "criteria": call.criteria.all()}
    return render(request, "initiatives/call_criteria.html", context)


def _weighed(request: HttpRequest, call: CallForInitiatives, form: CriterionForm) -> str:
    actions.add_criterion(call, actor=actor_of(request), **form.cleaned_data)
    messages.success(request, "Le critère est ajouté.")
    return reverse("initiatives:call_criteria", args=[call.key])


@permission("call.manage", load=load_criterion)
@require_POST
def remove_criterion(request: HttpRequest, criterion: Criterion) -> HttpResponse:
    key = criterion.call.key
    _act(request, lambda a: actions.remove_criterion(criterion, actor=a), "Critère retiré.")
    return redirect("initiatives:call_criteria", key)


@permission("call.manage", load=load_call)
def reviewers(request: HttpRequest, call: CallForInitiatives) -> HttpResponse:
    form = ReviewerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.invite_reviewer(call, actor=actor_of(request), **form.cleaned_data)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"L’invitation part à {made.email}.")
            return redirect("initiatives:call_reviewers", call.key)
    found = call.reviewers.filter(removed_at=None).select_related("user")
    context = {"call": call, "form": form, "reviewers": found}
    return render(request, "initiatives/call_reviewers.html", context)


@permission("call.manage", load=load_reviewer)
@require_POST
def remove_reviewer(request: HttpRequest, reviewer: Reviewer) -> HttpResponse:
    _act(
        request,
        lambda a: actions.remove_reviewer(reviewer, actor=a),
        f"{reviewer} n’est plus du jury.",
    )
    return redirect("initiatives:call_reviewers", reviewer.call.key)


# --- Changes of state


@permission("call.manage", load=load_call)
def publish(request: HttpRequest, call: CallForInitiatives) -> HttpResponse:
    """What everybody will read and what can no longer change, then the button; before that, all
    that is still missing."""
    lacks = [(one.sentence, reverse(one.page, args=[call.key])) for one in lacks_of(call)]
    if request.method == "POST" and not lacks:
        _act(request, lambda a: actions.publish(call, actor=a), "L’appel est publié.")
        return redirect("initiatives:call_manage", call.key)
    return render(request, "initiatives/call_publish.html", {"call": call, "lacks": lacks})


@permission("call.manage", load=load_call)
def postpone(request: HttpRequest, call: CallForInitiatives) -> HttpResponse:
    form = PostponeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            later = actions.postpone(call, form.instant(call.zone), actor=actor_of(request))
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _postponed(later, jury_had=call.review_until))
            return redirect("initiatives:call_manage", call.key)
    return render(request, "initiatives/call_postpone.html", {"call": call, "form": form})


def _postponed(call: CallForInitiatives, *, jury_had: date | None) -> str:
    said = "La fermeture est repoussée. Les personnes qui ont un brouillon sont prévenues."
    if call.review_until and call.review_until != jury_had:
        said += f" Le jury a jusqu’au {formats.day(call.review_until)}."
    return said


@permission("call.manage", load=load_call)
@require_POST
def begin_review(request: HttpRequest, call: CallForInitiatives) -> HttpResponse:
    _act(
        request,
        lambda a: actions.begin_review(call, actor=a),
        "L’examen commence : le jury est prévenu.",
    )
    return redirect("initiatives:call_manage", call.key)


@permission("call.manage", load=load_call)
def publish_decisions(request: HttpRequest, call: CallForInitiatives) -> HttpResponse:
    """Every decision with its reason, as each will read it, then the button."""
    if request.method == "POST":
        _act(
            request,
            lambda a: deciding.publish_decisions(call, actor=a),
            "Les décisions sont envoyées à chacun.",
        )
        return redirect("initiatives:call_manage", call.key)
    table = queries.table_of(call, actor_of(request))
    lines = [(one, queries.DECISION_BADGES[Decision(one.submission.decision)]) for one in table]
    context = {
        "call": call,
        "lines": lines,
        "undecided": sum(not one.submission.decision for one in table),
    }
    return render(request, "initiatives/call_decisions.html", context)


@permission("call.manage", load=load_call)
@require_POST
def archive(request: HttpRequest, call: CallForInitiatives) -> HttpResponse:
    _act(request, lambda a: actions.archive(call, actor=a), "L’appel est archivé.")
    return redirect("initiatives:call_manage", call.key)


@permission("submission.decide", load=load_submission)
def decide(request: HttpRequest, submission: Submission) -> HttpResponse:
    actor = actor_of(request)
    try:
        deciding.refuse_when_tied(submission, actor)
    except Forbidden as refusal:
        raise PermissionDenied(refusal.sentence) from refusal
    try:
        deciding.refuse_before_review(submission, actor)
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
        return redirect("initiatives:review", submission.key)
    initial = {"decision": submission.decision, "reason": submission.decision_reason}
    form = DecisionForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            deciding.decide(submission, actor=actor, **form.cleaned_data)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"Décision notée pour « {submission.title} ».")
            return redirect("initiatives:call_manage", submission.call.key)
    context = {
        "submission": submission,
        "form": form,
        "reviews": queries.reviews_for(submission, actor),
    }
    return render(request, "initiatives/submission_decide.html", context)


@permission("submission.decide", load=load_submission)
@require_POST
def propose_project(request: HttpRequest, submission: Submission) -> HttpResponse:
    _act(
        request,
        lambda a: becoming.propose(submission, actor=a),
        "La proposition part par courriel : le projet se crée quand son auteur l’accepte.",
    )
    return redirect("initiatives:call_manage", submission.call.key)
