"""What becomes of each submission: decisions with their reasons, told to each at once."""

from __future__ import annotations

from django.db import transaction

from preau.accounts.actors import Actor
from preau.core import audit, clock
from preau.core.errors import Forbidden, Refusal
from preau.initiatives.actions import calls
from preau.initiatives.actions.reviewing import is_concerned, seat_of
from preau.initiatives.emails import calls as emails
from preau.initiatives.enums.calls import (
    SCORING,
    CallState,
    Decision,
    ReviewState,
    SubmissionState,
)
from preau.initiatives.models import CallForInitiatives, Review, Submission
from preau.initiatives.perms.calls import require


@transaction.atomic
def decide(submission: Submission, *, decision: str, reason: str, actor: Actor) -> Submission:
    """Note a decision; its author reads it when all are published.

    Raises:
        Forbidden: theirs, or they have declared a conflict of interest.
        Refusal: no reason ("reason"), not under review ("state"), before their review ("blind").
    """
    require(actor, "submission.decide", submission)
    call = calls.lock(submission.call)
    if call.state != CallState.REVIEWING:
        raise Refusal("Les décisions se prennent pendant l’examen.", code="state")
    refuse_when_tied(submission, actor)
    refuse_before_review(submission, actor)
    submission = Submission.objects.select_for_update(of=("self",)).select_related("call").get(
        pk=submission.pk
    )  # fmt: skip
    if submission.state != SubmissionState.SENT:
        raise Refusal("Cette candidature a été retirée par la personne qui l’a envoyée.")
    wanted = Decision(decision)
    if wanted != Decision.NONE and not reason.strip():
        raise Refusal(
            "Écrivez le motif : la personne qui a répondu le lira.", field="reason", code="reason"
        )
    submission.decision = wanted
    submission.decision_reason = reason.strip()[:2000] if wanted != Decision.NONE else ""
    submission.decided_by = actor.user if wanted != Decision.NONE else None
    submission.save(update_fields=["decision", "decision_reason", "decided_by"])
    audit.record(actor, "initiatives.decide", submission, decision=wanted)
    return submission


def refuse_when_tied(submission: Submission, actor: Actor) -> None:
    """
    Raises:
        Forbidden: theirs, or they have declared a conflict of interest.
    """
    if is_concerned(submission, actor) or _in_conflict(submission, actor):
        raise Forbidden("Un lien vous tient à cette candidature : une autre personne en décide.")


def refuse_before_review(submission: Submission, actor: Actor) -> None:
    """
    Raises:
        Refusal: they score it and have not yet: what the others think waits until then ("blind").
    """
    seat = seat_of(submission.call, actor)
    if seat is None or seat.role not in SCORING:
        return
    if not seat.reviews.filter(submission=submission, state=ReviewState.SENT).exists():
        raise Refusal(
            "Vous êtes du jury : envoyez d’abord votre avis. Vous déciderez ensuite, en lisant ceux"
            " des autres.",
            code="blind",
        )


def _in_conflict(submission: Submission, actor: Actor) -> bool:
    return Review.objects.filter(
        submission=submission, reviewer__user=actor.user_id, state=ReviewState.CONFLICT
    ).exists()


@transaction.atomic
def publish_decisions(call: CallForInitiatives, *, actor: Actor) -> CallForInitiatives:
    """Tell each author; name those selected to everybody when the call said so.

    Raises:
        Refusal: some are undecided ("undecided").
    """
    require(actor, "call.manage", call)
    call = calls.lock(call)
    sent = call.submissions.filter(state=SubmissionState.SENT)
    left = sent.filter(decision="").count()
    if left:
        raise Refusal(
            f"Il reste {left} candidature{'s' if left > 1 else ''} sans décision.",
            code="undecided",
        )
    call.decided_at = clock.now()
    calls.move(call, CallState.DECIDED, actor, "decided_at")
    for submission in sent.select_related("call__organization", "user", "organization"):
        emails.decided(submission)
    return call
