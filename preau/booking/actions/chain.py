"""The chain of accords: opened when a request is sent, given one by one, in order."""

from __future__ import annotations

from datetime import datetime, timedelta

from preau.accounts.actors import Actor
from preau.booking.approvers import in_own_right, may_give, stands_in_for
from preau.booking.enums import ApprovalState
from preau.booking.models import Approval, Booking
from preau.booking.rules import steps_for
from preau.core import clock
from preau.core.errors import Refusal

#: A request is answered at the latest this long before it begins.
ANSWER_MARGIN = timedelta(hours=1)
SHORTEST_ANSWER = timedelta(minutes=30)


def open_chain(booking: Booking, *, is_first: bool = False) -> Approval | None:
    """Write the accords that the booking needs; any former ones go.

    Args:
        is_first: whether it was never asked for before.

    Returns:
        The first of them, now waiting; None when it needs none.
    """
    if not is_first:
        booking.approvals.all().delete()
    chain = [
        Approval(
            booking=booking,
            position=step.position,
            approver=step.approver,
            label=step.label,
            hours=step.hours,
        )
        for step in steps_for(booking.space, booking.rules)
    ]
    chain.sort(key=lambda one: one.position)
    if not chain:
        return None
    chain[0].state, chain[0].opened_at = ApprovalState.WAITING, clock.now()
    return Approval.objects.bulk_create(chain)[0]


def current_approval(booking: Booking) -> Approval | None:
    """The accord that is due now."""
    return booking.approvals.filter(state=ApprovalState.WAITING).first()


def open_next(booking: Booking) -> Approval | None:
    """Turn to the next accord; None when all are given."""
    following = booking.approvals.filter(state=ApprovalState.LATER).first()
    if following is not None:
        following.state, following.opened_at = ApprovalState.WAITING, clock.now()
        following.save()
    return following


def is_last_due(booking: Booking) -> bool:
    """Whether no other accord follows the one that is due."""
    return not booking.approvals.filter(state=ApprovalState.LATER).exists()


def give(
    approval: Approval, booking: Booking, actor: Actor, *, state: str = ApprovalState.GIVEN
) -> None:
    """Note the answer of whoever's turn it is, and in whose place they gave it.

    Raises:
        Refusal: it is not theirs to give.
    """
    require_turn(approval, booking, actor)
    if not in_own_right(actor, approval.approver, booking.place):
        approval.on_behalf_of = stands_in_for(actor, approval.approver, booking.place)
    approval.state, approval.decided_at, approval.decided_by = state, clock.now(), actor.user
    approval.save()


def require_turn(approval: Approval, booking: Booking, actor: Actor) -> None:
    """Raises: Refusal: the answer due is somebody else's."""
    if not may_give(actor, approval, booking.place):
        raise Refusal(
            f"La réponse attendue maintenant est celle-ci : {approval.label}. "
            "Elle ne vous appartient pas, ou pas encore.",
            code="not_your_turn",
        )


def answer_by(booking: Booking) -> datetime:
    """The deadline: the delay of the accord now due, and before the booking begins.

    A request made at the last minute still leaves half an hour, if there is half an hour.
    """
    now, start = clock.now(), booking.starts_at
    due = current_approval(booking)
    delay = now + timedelta(hours=due.hours if due else booking.space.response_hours)
    shortest = max(min(start, now + SHORTEST_ANSWER), now + timedelta(minutes=1))
    return max(min(delay, start - ANSWER_MARGIN), shortest)
