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
    """For whoever owes what it is given back of, as they are today."""
    facts = {"refund": str(refund.key), "to": _people(refund.due)}
    token = links.sign(BANK, facts, days=DAYS)
    return reverse("payments:bank", args=[token])


def paper_address(paper: Paper) -> str:
    """See `bank_address`."""
    facts = {"paper": str(paper.key), "to": _people(paper.due)}
    token = links.sign(PAPER, facts, days=DAYS)
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


def leads_to_bank(facts: dict[str, str], refund: Refund) -> bool:
    """Nothing any more for who has left the organisation that owes."""
    return constant_time_compare(facts.get("to", ""), _people(refund.due))


def leads_to_paper(facts: dict[str, str], paper: Paper) -> bool:
    """See `leads_to_bank`."""
    return constant_time_compare(facts.get("to", ""), _people(paper.due))


def _people(due: Due) -> str:
    accounts = ",".join(str(user.pk) for user in payers(due))
    return _mark(f"{due.payer_email} {accounts}")


def _is_for(facts: dict[str, str], address: str) -> bool:
    return constant_time_compare(facts["to"], _mark(address))


def _mark(who: str) -> str:
    """What tells somebody from another without saying who: tokens can be read."""
    return salted_hmac("payments.link", who.lower()).hexdigest()[:16]
