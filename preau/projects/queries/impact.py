"""Reads of the end of a project: money, review, questions put to the holder."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from preau.accounts.actors import Actor
from preau.accounts.perms import allowed
from preau.core.formats import euros
from preau.core.french import by_name
from preau.projects import standing
from preau.projects.enums import FUNDING_SENT, SHOWN, AskKind, FundingState, ReviewSide
from preau.projects.models import FundingRequest, ImpactAsk, ImpactReview, Project, Recommendation
from preau.projects.words.impact import decimal


@dataclass(frozen=True, slots=True)
class Funding:
    """The requests of a project and what they come to.

    Attributes:
        asked_cents: of those sent to a funder, whatever came of them.
        waiting_cents: of those not decided yet.
    """

    requests: list[FundingRequest]
    asked_cents: int
    waiting_cents: int
    granted_cents: int
    budget_cents: int | None

    @property
    def rate(self) -> str:
        """The part of the budget that is granted, in per cent; "" without a budget."""
        if not self.budget_cents:
            return ""
        return decimal(round(100 * self.granted_cents / self.budget_cents, 1))

    @property
    def budget_words(self) -> str:
        return f"Sur un budget de {euros(self.budget_cents)}" if self.budget_cents else ""


def funding_of(project: Project) -> Funding:
    """Every request, the latest first."""
    requests = list(
        project.funding_requests.select_related("recommendation", "resource").order_by("-pk")
    )
    sent = [one for one in requests if one.state in FUNDING_SENT]
    waiting = [one for one in sent if one.state == FundingState.ASKED]
    return Funding(
        requests=requests,
        asked_cents=sum(one.asked_cents or 0 for one in sent),
        waiting_cents=sum(one.asked_cents or 0 for one in waiting),
        granted_cents=sum(one.granted_cents or 0 for one in sent),
        budget_cents=project.budget_cents,
    )


def proposed_to(project: Project) -> QuerySet[Recommendation]:
    """What the holder was sent: a draft is never named outside the State's side."""
    return project.recommendations.filter(state__in=SHOWN).order_by(*by_name("title"), "pk")


def review_of(project: Project) -> ImpactReview | None:
    return (
        ImpactReview.objects.filter(project=project)
        .select_related("written_by")
        .prefetch_related("helped_by")
        .first()
    )


def side_of(actor: Actor, project: Project) -> ReviewSide:
    """On which side somebody writes."""
    return ReviewSide.STATE if standing.sees_state_side(actor, project) else ReviewSide.HOLDER


def may_read(review: ImpactReview, actor: Actor) -> bool:
    """A finished one: whoever reads the project. A draft: those who may write it, on its side."""
    if review.finished_at is not None:
        return True
    writes = allowed(actor, "project.review", review.project)
    return writes and side_of(actor, review.project) == review.side


def asked_for_review(project: Project) -> ImpactAsk | None:
    return ImpactAsk.objects.filter(project=project, kind=AskKind.REVIEW).first()
