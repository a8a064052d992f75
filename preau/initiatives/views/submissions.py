"""Answering a call, screen by screen; one's answers; a submission read by those it was sent to."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from preau.accounts.actors import actor_of
from preau.accounts.perms import Scope, allowed, permission
from preau.core.errors import Refusal
from preau.documents import actions as documents
from preau.documents import downloads
from preau.initiatives import screens
from preau.initiatives.actions import becoming
from preau.initiatives.actions import submissions as actions
from preau.initiatives.forms.calls import AnswersForm, IdeaForm
from preau.initiatives.loading.calls import load_submission
from preau.initiatives.models import Submission
from preau.initiatives.project_pages import page_of
from preau.initiatives.queries import calls as queries
from preau.projects.causes import cause_of
from preau.projects.models import StatePair


@dataclass(frozen=True, slots=True)
class OfCall:
    """A submission, and which of its screens or files."""

    submission: Submission
    number: int

    @property
    def permission_scope(self) -> Scope:
        return self.submission.permission_scope


@permission("submission.mine")
@never_cache
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    found = queries.mine(actor_of(request))
    return render(request, "initiatives/submissions_mine.html", {"submissions": found})


@permission("submission.read", load=load_submission)
@never_cache
@require_safe
def submission(request: HttpRequest, submission: Submission) -> HttpResponse:
    """As it was sent, what was decided, what may be done now."""
    actor = actor_of(request)
    holds = allowed(actor, "submission.write", submission)
    if submission.is_draft and holds and submission.call.is_open:
        return redirect(screens.resume_url(submission))
    project = submission.project if holds else None
    context = {
        "submission": submission,
        "call": submission.call,
        "answers": _answers(submission),
        "holds": holds,
        "project": project,
        "may_become": holds and becoming.may_become(submission),
        "may_withdraw": holds and submission.state == "envoyee" and not submission.told_decision,
        "book": cause_of(project).partition(":")[2] if project and project.is_live else "",
        "spaces": list(submission.call.spaces.select_related("place")) if project else [],
        "reviews": [] if holds else queries.reviews_for(submission, actor),
        "may_decide": allowed(actor, "submission.decide", submission),
    }
    return render(request, "initiatives/submission.html", context)


def _answers(submission: Submission) -> list[tuple[object, object]]:
    """Each question with its answer, or None."""
    kept = {one.question_id: one for one in submission.answers.select_related("document")}
    return [(one, kept.get(one.pk)) for one in submission.call.questions.all()]


def _over(request: HttpRequest, submission: Submission) -> HttpResponse | None:
    """Where to go when it can no longer be written."""
    if submission.is_draft and submission.call.is_open:
        return None
    if request.method == "POST":  # what was typed came too late: said, not lost without a word
        return None
    return redirect("initiatives:submission", submission.key)


@permission("submission.write", load=load_submission)
@never_cache
def idea(request: HttpRequest, submission: Submission) -> HttpResponse:
    if gone := _over(request, submission):
        return gone
    initial = {
        "title": submission.title,
        "summary": submission.summary,
        "commune": str(submission.commune or ""),
        "phone": submission.phone,
    }
    form = IdeaForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            saved = actions.save_idea(submission, actor=actor_of(request), **form.cleaned_data)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect(screens.after(saved, None))
    total = len(screens.screens_of(submission)) + 2
    context = {
        "submission": submission,
        "form": form,
        "number": 1,
        "total": total,
        "label": "Votre initiative",
    }
    return render(request, "initiatives/submission_screen.html", context)


def _load_screen(submission_key: UUID, screen_number: int) -> OfCall:
    submission = load_submission(submission_key)
    found = screens.screens_of(submission)
    if not 1 <= screen_number <= len(found):
        raise Http404("Cet écran n’existe pas.")
    return OfCall(submission, screen_number)


def _load_file(submission_key: UUID, call_question_id: int) -> OfCall:
    return OfCall(load_submission(submission_key), call_question_id)


@permission("submission.write", load=_load_screen)
@never_cache
def questions(request: HttpRequest, part: OfCall) -> HttpResponse:
    submission, number = part.submission, part.number
    if gone := _over(request, submission):
        return gone
    found = screens.screens_of(submission)
    screen = found[number - 1]
    form = AnswersForm(
        request.POST or None, request.FILES or None, submission=submission, screen=screen
    )
    if request.method == "POST" and form.is_valid():
        try:
            saved = actions.save_answers(
                submission, screen, form.texts(), form.uploads(), actor=actor_of(request)
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect(screens.after(saved, screen))
    before = screens.idea_url(submission.key)
    if number > 1:
        before = screens.url_of(submission, found[number - 2])
    context = {
        "submission": submission,
        "form": form,
        "number": number + 1,
        "total": len(found) + 2,
        "label": screen.label,
        "back_url": before,
    }
    return render(request, "initiatives/submission_screen.html", context)


@permission("submission.write", load=load_submission)
@never_cache
def recap(request: HttpRequest, submission: Submission) -> HttpResponse:
    """Everything on one page, what is missing, and « Envoyer »."""
    if gone := _over(request, submission):
        return gone
    if request.method == "POST":
        try:
            actions.send(submission, actor=actor_of(request))
        except Refusal as refusal:
            messages.error(request, refusal.sentence)
            closed = refusal.code == "closed"
            back = "initiatives:submission" if closed else "initiatives:submission_recap"
            return redirect(back, submission.key)
        messages.success(request, "Votre candidature est envoyée. Un courriel vous le confirme.")
        return redirect("initiatives:submission", submission.key)
    found = screens.screens_of(submission)
    context = {
        "submission": submission,
        "call": submission.call,
        "answers": _answers(submission),
        "missing": screens.missing(submission),
        "number": len(found) + 2,
        "total": len(found) + 2,
        "back_url": screens.url_of(submission, found[-1])
        if found
        else screens.idea_url(submission.key),
        "idea_url": screens.idea_url(submission.key),
    }
    return render(request, "initiatives/submission_recap.html", context)


@permission("submission.read", load=_load_file)
@never_cache
@require_safe
def file(request: HttpRequest, part: OfCall) -> HttpResponse:
    actor, submission = actor_of(request), part.submission
    try:
        answer = actions.file_of(submission, part.number, actor=actor)
        assert answer.document is not None
        why = f"candidature « {submission.title} »"
        content = documents.read(answer.document, actor=actor, why=why)
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
        return redirect("initiatives:submission", submission.key)
    return downloads.attachment(content, answer.document)


@permission("submission.write", load=load_submission)
def withdraw(request: HttpRequest, submission: Submission) -> HttpResponse:
    if request.method == "POST":
        try:
            actions.withdraw(submission, actor=actor_of(request))
        except Refusal as refusal:
            messages.error(request, refusal.sentence)
            return redirect("initiatives:submission", submission.key)
        messages.success(request, f"« {submission} » est retirée.")
        return redirect("initiatives:submissions_mine")
    return render(request, "initiatives/submission_withdraw.html", {"submission": submission})


@permission("submission.write", load=load_submission)
def make_project(request: HttpRequest, submission: Submission) -> HttpResponse:
    """What the project would say and who would read it; made on POST, by its author alone."""
    if submission.project is not None:
        return redirect(page_of(submission.project))
    if request.method == "POST":
        try:
            project = becoming.make_project(submission, actor=actor_of(request))
        except Refusal as refusal:
            messages.error(request, refusal.sentence)
            return redirect("initiatives:submission", submission.key)
        if project.is_draft:
            messages.info(
                request,
                "Le projet est préparé avec ce que vous aviez écrit. Il reste à le compléter.",
            )
            return redirect(page_of(project))
        messages.success(request, f"Le projet « {project.name} » est déposé.")
        return redirect("initiatives:submission", submission.key)
    commune = submission.commune
    pair = None
    if commune is not None:
        pair = StatePair.objects.filter(departement=commune.departement_id).first()
    context = {"submission": submission, "call": submission.call, "pair": pair}
    return render(request, "initiatives/submission_project.html", context)
