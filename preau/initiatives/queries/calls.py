"""Calls as people read them: the public list, one's answers, the jury's table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Case, Count, IntegerField, Q, QuerySet, When

from preau.accounts.actors import Actor
from preau.core import clock
from preau.core.french import by_name
from preau.initiatives.actions.reviewing import is_concerned, organizations_of, seat_of
from preau.initiatives.enums.calls import (
    PUBLIC,
    SCORING,
    CallState,
    Decision,
    ReviewState,
    SubmissionState,
)
from preau.initiatives.models import CallForInitiatives, Review, Reviewer, Submission
from preau.projects.models import Project

#: Closed calls that the public list still shows.
MOST_OVER = 20
MOST_OPEN = 100
BADGES = {
    CallState.DRAFT: ("neutral", "Brouillon"),
    CallState.PUBLISHED: ("success", "Publié"),
    CallState.CLOSED: ("warning", "Clos, à examiner"),
    CallState.REVIEWING: ("info", "En examen"),
    CallState.DECIDED: ("success", "Décidé"),
    CallState.ARCHIVED: ("neutral", "Archivé"),
}
DECISION_BADGES = {
    Decision.NONE: ("waiting", "À décider"),
    Decision.SELECTED: ("success", "Retenue"),
    Decision.WAITING: ("warning", "Liste d’attente"),
    Decision.REJECTED: ("neutral", "Non retenue"),
}


def badge_of(call: CallForInitiatives) -> tuple[str, str]:
    """What everybody reads: by the clock rather than by what a task has written."""
    if call.state == CallState.PUBLISHED:
        if call.is_open:
            return ("success", "Ouvert")
        return ("neutral", "Clos") if call.is_over else ("info", "Ouvre bientôt")
    if call.state == CallState.CLOSED:
        return ("neutral", "Clos")
    return BADGES[CallState(call.state)]


@dataclass(frozen=True, slots=True)
class Listed:
    """The public list: what can be answered, what will be, what was."""

    open: list[CallForInitiatives]
    coming: list[CallForInitiatives]
    over: list[CallForInitiatives]

    def __bool__(self) -> bool:
        return bool(self.open or self.coming or self.over)


def public_calls(theme: str = "") -> Listed:
    """In one statement each: the first to close first; the last closed first."""
    now = clock.now()
    calls = CallForInitiatives.objects.filter(state__in=PUBLIC).select_related("organization")
    if theme:
        calls = calls.filter(themes__contains=[theme])
    published = calls.filter(state=CallState.PUBLISHED)
    now_open = published.filter(opens_at__lte=now, closes_at__gt=now)
    return Listed(
        list(now_open.order_by("closes_at")[:MOST_OPEN]),
        list(published.filter(opens_at__gt=now).order_by("opens_at")[:MOST_OPEN]),
        list(calls.filter(closes_at__lte=now).order_by("-closes_at")[:MOST_OVER]),
    )


def open_calls() -> QuerySet[CallForInitiatives]:
    now = clock.now()
    found = CallForInitiatives.objects.filter(
        state=CallState.PUBLISHED, opens_at__lte=now, closes_at__gt=now
    )
    return found.select_related("organization").order_by("closes_at")


def calls_of(actor: Actor) -> list[CallForInitiatives]:
    """Those of the organisation whose hat is on: what waits for somebody first."""
    if actor.organization_id is None:
        return []
    rank = Case(
        When(state=CallState.CLOSED, then=0),
        When(state=CallState.REVIEWING, then=1),
        When(state=CallState.PUBLISHED, then=2),
        When(state=CallState.DRAFT, then=3),
        default=4,
        output_field=IntegerField(),
    )
    sent = Count("submissions", filter=Q(submissions__state=SubmissionState.SENT))
    found = CallForInitiatives.objects.filter(organization=actor.organization_id)
    return list(found.annotate(rank=rank, sent=sent).order_by("rank", "-id")[:200])


def mine(actor: Actor) -> list[Submission]:
    """What one answered, alone or for the organisation whose hat is on."""
    if actor.user is None:
        return []
    who = Q(user=actor.user, organization=None)
    if actor.organization_id is not None:
        who |= Q(organization=actor.organization_id)
    found = Submission.objects.filter(who).exclude(state=SubmissionState.WITHDRAWN)
    return list(found.select_related("call__organization", "organization", "user")[:100])


def sent_to(call: CallForInitiatives) -> QuerySet[Submission]:
    found = call.submissions.filter(state=SubmissionState.SENT)
    return found.select_related("user", "organization", "commune", "project").order_by("id")


def winners(call: CallForInitiatives) -> list[Submission]:
    """Whom everybody may know of: once decided, when the call said it would be so."""
    if not call.announces_winners or call.state not in {CallState.DECIDED, CallState.ARCHIVED}:
        return []
    return list(sent_to(call).filter(decision=Decision.SELECTED).order_by(*by_name("title")))


def of_project(project: Project) -> list[Submission]:
    found = Submission.objects.filter(project=project).exclude(state=SubmissionState.WITHDRAWN)
    return list(found.select_related("call__organization", "organization", "user").order_by("id"))


# --- The jury's table


@dataclass(frozen=True, slots=True)
class Line:
    """One submission in the table.

    Attributes:
        mean: out of 5, criteria weighted; None before any review, or while it is not theirs to
            read.
        spread: between the highest and the lowest of the jury.
        sent, expected: reviews; those in conflict are not expected.
        missing: who has not sent theirs.
        hidden: the viewer reads nothing of it yet, or at all.
    """

    submission: Submission
    mean: float | None
    spread: float | None
    sent: int
    expected: int
    missing: list[str]
    conflicts: list[str]
    hidden: bool
    mine: str = ""


def weighted(figures: Iterable[tuple[int, int]]) -> float | None:
    """Σ weight × value / Σ weight; None of nothing."""
    pairs = list(figures)
    total = sum(weight for weight, _ in pairs)
    return sum(weight * value for weight, value in pairs) / total if total else None


def marks_of(reviews: Iterable[Review]) -> list[float]:
    """The mark of each review sent (scores and their criteria already fetched)."""
    marks = []
    for review in reviews:
        if review.state == ReviewState.SENT:
            pairs = [(one.criterion.weight, one.value) for one in review.scores.all()]
            mark = weighted(pairs)
            if mark is not None:
                marks.append(mark)
    return marks


def table_of(call: CallForInitiatives, actor: Actor) -> list[Line]:
    """Every submission, the best first among those the viewer may compare."""
    submissions = list(sent_to(call))
    reviewers = list(
        call.reviewers.filter(removed_at=None, role__in=SCORING)
        .exclude(user=None)
        .select_related("user")
    )
    found = Review.objects.filter(submission__in=submissions).select_related("reviewer__user")
    by_submission: dict[int, list[Review]] = defaultdict(list)
    for review in found.prefetch_related("scores__criterion"):
        by_submission[review.submission_id].append(review)
    seat, theirs = seat_of(call, actor), organizations_of(actor)
    lines = [
        _line(
            one,
            reviewers,
            by_submission[one.pk],
            seat,
            concerned=is_concerned(one, actor, theirs),
        )
        for one in submissions
    ]
    return sorted(lines, key=lambda line: (line.mean is None, -(line.mean or 0)))


def _line(
    submission: Submission,
    reviewers: list[Reviewer],
    reviews: list[Review],
    seat: Reviewer | None,
    *,
    concerned: bool,
) -> Line:
    states = {review.reviewer_id: review.state for review in reviews}
    conflicts = [one for one in reviewers if states.get(one.pk) == ReviewState.CONFLICT]
    waiting = [one for one in reviewers if states.get(one.pk, ReviewState.DRAFT) == "brouillon"]
    marks = marks_of(reviews)
    hidden = concerned or not _reads(submission, states, seat)
    mine = states.get(seat.pk, ReviewState.DRAFT) if seat is not None else ""
    return Line(
        submission,
        mean=None if hidden or not marks else sum(marks) / len(marks),
        spread=None if hidden or not marks else max(marks) - min(marks),
        sent=len(marks),
        expected=len(marks) + len(waiting),
        missing=[str(one) for one in waiting],
        conflicts=[str(one) for one in conflicts],
        hidden=hidden,
        mine=mine if seat is not None and seat.role in SCORING and not concerned else "",
    )


def _reads(submission: Submission, states: dict[int, str], seat: Reviewer | None) -> bool:
    """Whether somebody not concerned reads what the jury wrote of it: not under a conflict, not
    before having sent theirs."""
    if seat is None or seat.role not in SCORING:
        return True
    state = states.get(seat.pk, ReviewState.DRAFT)
    if state == ReviewState.CONFLICT:
        return False
    return state == ReviewState.SENT or submission.call.state in {
        CallState.DECIDED,
        CallState.ARCHIVED,
    }


def reviews_for(submission: Submission, actor: Actor) -> list[Review]:
    """The reviews sent, for whoever may read them; [] for the others."""
    states = dict(submission.reviews.values_list("reviewer", "state"))
    seat = seat_of(submission.call, actor)
    if is_concerned(submission, actor) or not _reads(submission, states, seat):
        return []
    found = submission.reviews.filter(state=ReviewState.SENT).select_related("reviewer__user")
    return list(found.prefetch_related("scores__criterion").order_by("sent_at"))


def left_for(reviewer: Reviewer) -> int:
    """How many reviews are still expected of them."""
    done = reviewer.reviews.exclude(state=ReviewState.DRAFT).values("submission")
    waiting = reviewer.call.submissions.filter(state=SubmissionState.SENT).exclude(pk__in=done)
    theirs = organizations_of(Actor(reviewer.user))
    waiting = waiting.exclude(user=reviewer.user)
    return waiting.filter(Q(organization=None) | ~Q(organization__in=theirs)).count()
