"""A seat of a jury: whoever comes back takes their own again."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.db.models import Q

from preau.accounts.models import User
from preau.core import clock
from preau.core.errors import Refusal
from preau.initiatives.enums.calls import ReviewerRole
from preau.initiatives.models import CallForInitiatives, Reviewer


def seat_for(call: CallForInitiatives, email: str, role: ReviewerRole) -> Reviewer:
    """A new seat, or the one they had: what they scored, or declared, is theirs still."""
    former = call.reviewers.filter(Q(email=email) | Q(user__email__iexact=email))
    seat = former.exclude(removed_at=None).order_by("user", "-id").first()
    seat = seat or Reviewer(call=call, email=email)
    seat.role, seat.removed_at, seat.invited_at = role, None, clock.now()
    try:
        with transaction.atomic():
            seat.save()
    except IntegrityError as error:
        raise Refusal(
            "Cette adresse est déjà invitée au jury.", field="email", code="twice"
        ) from error
    return seat


def former_of(reviewer: Reviewer, person: User) -> Reviewer:
    """The seat that they had under another address, in place of this one: nobody votes twice,
    nor leaves a conflict behind."""
    former = Reviewer.objects.filter(call=reviewer.call_id, user=person)
    seat = former.exclude(removed_at=None).order_by("-id").first()
    live = former.filter(removed_at=None).exists()
    if seat is None or live:
        return reviewer
    Reviewer.objects.filter(pk=reviewer.pk).update(removed_at=clock.now())
    seat.role, seat.removed_at = reviewer.role, None
    return seat
