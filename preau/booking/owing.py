"""What becomes of money when a booking ends: before it does, and once it has."""

from __future__ import annotations

from preau.booking import fees, money
from preau.booking.actions.steps import standing_dates
from preau.booking.fees import Cost
from preau.booking.models import Booking
from preau.core.formats import euros
from preau.payments import given_back
from preau.payments.models import Due


def if_cancelled(booking: Booking, cost: Cost) -> str:
    """« Vous avez payé 186,00 €. Si vous annulez maintenant, 93,00 € vous seront rendus. »; "" for
    who has paid nothing."""
    due = money.due_of(booking)
    if due is None or not due.kept_cents:
        return ""
    paid = f"Vous avez payé {euros(due.kept_cents)}."
    if len(cost.dates) < len(standing_dates(booking)):  # those that took place keep their price
        return f"{paid} Ce que vous avez payé de trop vous sera rendu."
    back = _over(booking, cost, due)
    if back < 0:
        return f"{paid} Si vous annulez maintenant, {euros(-back)} resteront à payer."
    if not back:
        return f"{paid} Cette somme est gardée, selon les règles d’annulation."
    return f"{paid} Si vous annulez maintenant, {euros(back)} vous seront rendus."


def is_kept(booking: Booking, cost: Cost) -> bool:
    """Whether what cancelling now costs is kept of what was paid: nothing more is to pay."""
    due = money.due_of(booking)
    if due is None or not due.kept_cents:
        return False
    if len(cost.dates) < len(standing_dates(booking)):  # those that took place are paid first
        return not due.left_cents
    return _over(booking, cost, due) >= 0


def _over(booking: Booking, cost: Cost, due: Due) -> int:
    """In cents, what was paid above what cancelling now costs; below 0, what is left to pay."""
    return due.kept_cents - cost.cents - fees.kept(booking)


def fee(booking: Booking) -> str:
    """What the rules let the place keep: owed still, or kept of what was paid; "" for nothing."""
    cents = fees.kept(booking)
    if not cents:
        return ""
    if booking.ended_at is None:  # a series: what is paid of it is not paid for these dates alone
        return f"Frais d’annulation : {euros(cents)}."
    due = money.due_of(booking)
    left = cents if due is None else min(cents, due.left_cents)
    if left == cents:
        return f"Reste dû, selon les règles d’annulation : {euros(cents)}."
    kept = f"Gardé sur la somme payée, selon les règles d’annulation : {euros(cents - left)}."
    return f"{kept} Reste dû : {euros(left)}." if left else kept


def coming_back(due: Due | None) -> str:
    """« 186,00 € vous seront rendus. La régie… »; "" for nothing."""
    given = given_back.of(due) if due is not None else None
    return given.words_away if given else ""
