"""The trial: a page of ours where one says what the bank would. No money, never in production."""

from __future__ import annotations

from django.urls import reverse

from preau.payments.models import Operation
from preau.payments.providers.results import Opened, Outcome, Result


class _Trial:
    least_cents = 1

    def open(self, operation: Operation, email: str) -> Opened:
        return Opened(str(operation.key), reverse("payments:trial", args=[operation.key]))

    def ask(self, operation: Operation) -> Result:
        """What was chosen on its page was noted at once."""
        return Result(Outcome.WAITING)


TRIAL = _Trial()
