"""Reads of the room."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Count, Q, QuerySet, Sum

from preau.accounts.actors import Actor
from preau.core import clock
from preau.core.french import by_name
from preau.economics.enums import AllocationState, CommitmentState, RoundState, Side
from preau.economics.models import (
    Commitment,
    CostAllocation,
    Invitation,
    NegotiationRound,
    ProviderLine,
)

#: Lines of a list; older ones are found by their address.
MOST = 100
REMIND_BEFORE = timedelta(days=7)
#: How long addresses of invitees are kept once a round is over.
KEEP_ADDRESSES = timedelta(days=365)


def allocations_of(actor: Actor) -> QuerySet[CostAllocation]:
    """What the hat's organisation keeps, the newest first."""
    found = CostAllocation.objects.annotate(
        count=Count("providers"), agreed=Count("providers", filter=Q(providers__answer="accord"))
    ).order_by("-created_at", "-pk")
    return (
        found.filter(organization=actor.organization_id) if actor.organization_id else found.none()
    )


def shares_of(actor: Actor) -> QuerySet[ProviderLine]:
    """What was proposed to the hat's organisation."""
    found = (
        ProviderLine.objects.exclude(allocation__state=AllocationState.DRAFT)
        .select_related("allocation__organization")
        .order_by("-allocation__proposed_at", "-pk")
    )
    return (
        found.filter(organization=actor.organization_id) if actor.organization_id else found.none()
    )


def allocations_to_remind() -> QuerySet[CostAllocation]:
    horizon = clock.today() + REMIND_BEFORE
    return CostAllocation.objects.filter(
        state=AllocationState.PROPOSED, reminded_at=None, answer_by__lte=horizon
    )


def rounds_of(actor: Actor) -> QuerySet[NegotiationRound]:
    engaged = Q(
        invitations__commitment__state=CommitmentState.ENGAGED, invitations__side=Side.PROVIDER
    )
    found = NegotiationRound.objects.annotate(
        promised=Sum("invitations__commitment__cents", filter=engaged, default=0)
    ).order_by("-created_at", "-pk")
    return (
        found.filter(organization=actor.organization_id) if actor.organization_id else found.none()
    )


def invitations_of(actor: Actor) -> QuerySet[Invitation]:
    """Rounds that the hat's organisation is invited to."""
    found = (
        Invitation.objects.exclude(round__state=RoundState.DRAFT)
        .select_related("round__organization")
        .order_by("-round__opened_at", "-pk")
    )
    return (
        found.filter(organization=actor.organization_id) if actor.organization_id else found.none()
    )


def commitments_of(round_: NegotiationRound) -> QuerySet[Commitment]:
    """Those that stand."""
    found = Commitment.objects.filter(
        invitation__round=round_, state=CommitmentState.ENGAGED
    ).select_related("invitation__organization")
    return found.order_by("invitation__side", "-cents", *by_name("invitation__name"))


def promised(round_: NegotiationRound) -> int:
    """Cents a month that providers have committed to."""
    found = commitments_of(round_).filter(invitation__side=Side.PROVIDER).order_by()
    return int(found.aggregate(sum=Sum("cents", default=0))["sum"])


def rounds_to_look_after() -> QuerySet[NegotiationRound]:
    """Open, close to their date or past it."""
    horizon = clock.today() + REMIND_BEFORE
    return NegotiationRound.objects.filter(state=RoundState.OPEN, deadline__lte=horizon)


def rounds_to_forget() -> QuerySet[NegotiationRound]:
    before = clock.now() - KEEP_ADDRESSES
    return NegotiationRound.objects.filter(closed_at__lt=before, forgotten_at=None)
