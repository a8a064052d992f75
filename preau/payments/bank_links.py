"""Links that work signed out: a sum to pay, a deposit to answer about, where to send money back, a
paper to take away."""

from __future__ import annotations

from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

from preau.notifications import links
from preau.payments.models import Deposit, Due, Paper, Refund
from preau.payments.recipients import holders, payers

BANK, PAPER = "payments.bank", "payments.paper"
DUE, DEPOSIT = "payments.due", "payments.deposit"
#: Long enough for who reads their mail once a month.
DAYS = 90


def bank_address(refund: Refund) -> str:
    token = links.sign(BANK, {"refund": str(refund.key)}, days=DAYS)
    return reverse("payments:bank", args=[token])


def paper_address(paper: Paper) -> str:
    token = links.sign(PAPER, {"paper": str(paper.key)}, days=DAYS)
    return reverse("payments:paper_by_link", args=[token])


def due_address(due: Due, *, days: int = DAYS) -> str:
    """For who owes it and has no account."""
    facts = {"due": str(due.key), "to": _mark(due.payer_email)}
    return reverse("payments:due_by_link", args=[links.sign(DUE, facts, days=days)])


def deposit_address(deposit: Deposit) -> str:
    """For who handed it over and has no account."""
    facts = {"deposit": str(deposit.key), "to": _mark(deposit.holder_email)}
    return reverse("payments:deposit_by_link", args=[links.sign(DEPOSIT, facts, days=DAYS)])


def leads_to_due(facts: dict[str, str], due: Due) -> bool:
    """Whether it is worth something still: nothing once the address was corrected, or once who owes
    it has an account."""
    return _is_for(facts, due.payer_email) and not payers(due)


def leads_to_deposit(facts: dict[str, str], deposit: Deposit) -> bool:
    """See `leads_to_due`."""
    return _is_for(facts, deposit.holder_email) and not holders(deposit)


def _is_for(facts: dict[str, str], address: str) -> bool:
    return constant_time_compare(facts["to"], _mark(address))


def _mark(address: str) -> str:
    """What tells an address from another without saying it: tokens can be read."""
    return salted_hmac("payments.link", address.lower()).hexdigest()[:16]
