"""Links that work signed out: where to send money back, a paper to take away."""

from __future__ import annotations

from django.urls import reverse

from preau.notifications import links
from preau.payments.models import Paper, Refund

BANK, PAPER = "payments.bank", "payments.paper"
#: Long enough for who reads their mail once a month.
DAYS = 90


def bank_address(refund: Refund) -> str:
    token = links.sign(BANK, {"refund": str(refund.key)}, days=DAYS)
    return reverse("payments:bank", args=[token])


def paper_address(paper: Paper) -> str:
    token = links.sign(PAPER, {"paper": str(paper.key)}, days=DAYS)
    return reverse("payments:paper_by_link", args=[token])
