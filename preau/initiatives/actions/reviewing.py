"""The jury: scores kept as drafts, conflicts of interest, sending."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction

from preau.accounts.actors import Actor
from preau.core import audit, clock
from preau.core.errors import Forbidden, Refusal
from preau.initiatives.actions import answer_files
from preau.initiatives.enums.calls import SCORING, CallState, ReviewState, SubmissionState
from preau.initiatives.models import CallForInitiatives, Review, Reviewer, Score, Submission
from preau.initiatives.perms.calls import require


@dataclass(frozen=True, slots=True)
class Given:
    """A figure from 0 to 5 for one criterion, None while undecided, and why."""

    value: int | None
    comment: str = ""


def seat_of(call: CallForInitiatives, actor: Actor) -> Reviewer | None:
    """The actor's place in the jury."""
    if actor.user_id is None:
        return None
    return call.reviewers.filter(user=actor.user_id, removed_at=None).first()


def organizations_of(actor: Actor) -> frozenset[int]:
    """All those the person is of, whatever hat is on."""
    if actor.user is None:
        return frozenset()
    live = actor.user.memberships.filter(ended_at=None)
    return frozenset(live.values_list("organization", flat=True))


def is_concerned(
    submission: Submission, actor: Actor, theirs: frozenset[int] | None = None
) -> bool:
    """Whether they are the author, or of the organisation that answers: nobody judges their own.

    Args:
        theirs: `organizations_of(actor)`, when many submissions are asked of.
    """
    if actor.user is None:
        return False
    if submission.user_id == actor.user_id:
        return True
    if submission.organization_id is None:
        return False
    return submission.organization_id in (organizations_of(actor) if theirs is None else theirs)


def _review(submission: Submission, actor: Actor) -> Review:
    """One's review, locked and not sent yet.

    Raises:
        Forbidden: not of the jury, an observer, or the author's own people.
        Refusal: the call is not under review ("state"), the review was sent ("sent").
    """
    require(actor, "submission.review", submission)
    call = CallForInitiatives.objects.select_for_update(no_key=True).get(pk=submission.call_id)
    seat = seat_of(call, actor)
    if seat is None or seat.role not in SCORING:
        raise Forbidden("Vous suivez ce jury sans noter.")
    if is_concerned(submission, actor):
        raise Forbidden("Vous êtes de ceux qui répondent : personne ne note sa propre candidature.")
    if call.state != CallState.REVIEWING or submission.state != SubmissionState.SENT:
        raise Refusal("Les notes se donnent pendant l’examen, pas avant ni après.", code="state")
    Review.objects.get_or_create(reviewer=seat, submission=submission)
    review = Review.objects.select_for_update().get(reviewer=seat, submission=submission)
    if review.state == ReviewState.SENT:
        raise Refusal("Votre avis est envoyé : il ne change plus.", code="sent")
    return review


@transaction.atomic
def save_review(
    submission: Submission,
    scores: Mapping[int, Given],
    *,
    comment: str,
    actor: Actor,
    sending: bool = False,
) -> Review:
    """Keep a review, or send it once every criterion has its figure.

    Raises:
        Refusal: under a declared conflict ("conflict"), a figure is missing ("scores"), too late.
    """
    review = _review(submission, actor)
    if review.state == ReviewState.CONFLICT:
        raise Refusal(
            "Vous avez déclaré un conflit d’intérêts : vous ne notez pas cette candidature.",
            code="conflict",
        )
    criteria = list(submission.call.criteria.all())
    if sending and any(scores.get(one.pk, Given(None)).value is None for one in criteria):
        raise Refusal("Donnez une note à chaque critère avant d’envoyer.", code="scores")
    review.scores.all().delete()
    Score.objects.bulk_create(
        Score(review=review, criterion=one, value=given.value, comment=given.comment.strip()[:1000])
        for one in criteria
        if (given := scores.get(one.pk)) is not None and given.value is not None
    )
    review.comment = comment.strip()
    if sending:
        review.state, review.sent_at = ReviewState.SENT, clock.now()
    review.save(update_fields=["comment", "state", "sent_at"])
    audit.record(actor, "initiatives.review", submission, sent=sending)
    return review


@transaction.atomic
def declare_conflict(submission: Submission, *, reason: str, actor: Actor) -> Review:
    """Say what ties one to the author: what was scored is erased, nothing more may be."""
    review = _review(submission, actor)
    if not reason.strip():
        raise Refusal(
            "Dites quel lien vous empêche de noter.", field="conflict_reason", code="reason"
        )
    review.scores.all().delete()
    review.state, review.comment = ReviewState.CONFLICT, ""
    review.conflict_reason = reason.strip()[:500]
    review.save(update_fields=["state", "comment", "conflict_reason"])
    answer_files.hide_from_juror([submission], actor.person.pk, actor)
    audit.record(actor, "initiatives.declare_conflict", submission)
    return review
