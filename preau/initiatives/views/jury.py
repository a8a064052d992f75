"""The jury: joining it, what it reads, its reviews."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from preau.accounts.actors import Actor, actor_of
from preau.accounts.perms import permission
from preau.core.errors import Refusal
from preau.initiatives import jury_links
from preau.initiatives.actions import calls as call_actions
from preau.initiatives.actions import reviewing
from preau.initiatives.enums.calls import EXAMINED, SCORING, ReviewState
from preau.initiatives.forms.calls import ConflictForm, ReviewForm
from preau.initiatives.loading.calls import load_call, load_submission
from preau.initiatives.models import CallForInitiatives, Review, Reviewer, Submission
from preau.initiatives.queries import calls as queries


@permission("call.join_jury")
@never_cache
def invitation(request: HttpRequest, jury_token: str) -> HttpResponse:
    """Shown to whoever has the letter; accepted signed in."""
    try:
        reviewer = jury_links.read(jury_token)
    except jury_links.Expired:
        return render(request, "initiatives/jury_link_over.html", status=410)
    if reviewer is None:
        return render(request, "initiatives/jury_link_over.html", {"gone": True}, status=404)
    actor = actor_of(request)
    if request.method == "POST":
        if actor.user is None:
            messages.info(request, "Connectez-vous d’abord, puis revenez à cette invitation.")
            return redirect(request.path)
        try:
            call_actions.join_jury(reviewer, actor=actor)
        except Refusal as refusal:
            messages.error(request, refusal.sentence)
            return redirect(request.path)
        messages.success(request, "Vous êtes du jury.")
        return redirect("initiatives:jury", reviewer.call.key)
    joined = reviewer.user_id is not None and reviewer.user_id == actor.user_id
    context = {"reviewer": reviewer, "call": reviewer.call, "joined": joined}
    return render(request, "initiatives/jury_invitation.html", context)


@permission("call.jury", load=load_call)
@never_cache
@require_safe
def jury(request: HttpRequest, call: CallForInitiatives) -> HttpResponse:
    """What one has to score, and the table as far as one may read it."""
    actor = actor_of(request)
    seat = reviewing.seat_of(call, actor)
    # Nothing before the examination: drafts of answers are still coming in.
    table = queries.table_of(call, actor) if call.state in EXAMINED else []
    context = {
        "call": call,
        "seat": seat,
        "scores": seat is not None and seat.role in SCORING,
        "lines": table,
        "left": sum(one.mine == ReviewState.DRAFT for one in table),
        "criteria": call.criteria.all(),
    }
    return render(request, "initiatives/jury.html", context)


@permission("submission.review", load=load_submission)
@never_cache
def review(request: HttpRequest, submission: Submission) -> HttpResponse:
    """One's scores, kept or sent."""
    actor = actor_of(request)
    call = submission.call
    seat = reviewing.seat_of(call, actor)
    mine = submission.reviews.filter(reviewer=seat).prefetch_related("scores__criterion").first()
    form = ReviewForm(request.POST or None, call=call, review=mine)
    if request.method == "POST" and form.is_valid():
        sending = request.POST.get("action") == "envoyer"
        try:
            reviewing.save_review(
                submission,
                form.scores(),
                comment=form.cleaned_data["comment"],
                actor=actor,
                sending=sending,
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            said = (
                "Votre avis est envoyé." if sending else "Votre avis est gardé, pas encore envoyé."
            )
            messages.success(request, said)
            return redirect("initiatives:jury", call.key)
    answers = {one.question_id: one for one in submission.answers.select_related("document")}
    context = {
        "submission": submission,
        "call": call,
        "answers": [(one, answers.get(one.pk)) for one in call.questions.all()],
        "form": form,
        "mine": mine,
        "may_score": _may_score(submission, actor, seat, mine),
        "reviews": queries.reviews_for(submission, actor),
    }
    return render(request, "initiatives/review.html", context)


def _may_score(
    submission: Submission, actor: Actor, seat: Reviewer | None, mine: Review | None
) -> bool:
    return (
        seat is not None
        and seat.role in SCORING
        and submission.call.state == "en_examen"
        and (mine is None or mine.state == ReviewState.DRAFT)
        and not reviewing.is_concerned(submission, actor)
    )


@permission("submission.review", load=load_submission)
def conflict(request: HttpRequest, submission: Submission) -> HttpResponse:
    form = ConflictForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["conflict_reason"]
        try:
            reviewing.declare_conflict(submission, reason=reason, actor=actor_of(request))
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "Votre déclaration est enregistrée : merci de l’avoir faite.")
            return redirect("initiatives:jury", submission.call.key)
    context = {"submission": submission, "call": submission.call, "form": form}
    return render(request, "initiatives/conflict.html", context)
