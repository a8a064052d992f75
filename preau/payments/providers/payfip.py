"""PayFiP for an operation: our words to its, and back."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse

from preau.integrations import payfip
from preau.integrations.http import Unavailable
from preau.notifications.emails import absolute
from preau.outside import calls
from preau.payments.enums import Means
from preau.payments.models import CollectingOffice, Operation
from preau.payments.providers.results import Opened, Outcome, Result

SERVICE = "payfip"
_OUTCOMES = {
    payfip.Outcome.PAID_BY_CARD: Outcome.PAID,
    payfip.Outcome.PAID_BY_DEBIT: Outcome.PAID,
    payfip.Outcome.REFUSED: Outcome.REFUSED,
    payfip.Outcome.CANCELLED: Outcome.CANCELLED,
    payfip.Outcome.WAITING: Outcome.WAITING,
    payfip.Outcome.EXPIRED: Outcome.EXPIRED,
    payfip.Outcome.UNKNOWN: Outcome.UNKNOWN,
}


def is_configured() -> bool:
    """Whether this site may ask PayFiP: its address is set and eopayment is installed."""
    return bool(settings.PAYFIP_URL) and payfip.is_installed()


def client_of(office: CollectingOffice) -> payfip.Client:
    return payfip.Client(settings.PAYFIP_URL, office.numcli, office.saisie)


def _require_configured() -> None:
    """Raises: Unavailable: this site was told to ask it no more, or not yet."""
    if not is_configured():
        raise Unavailable("not configured")


class _PayFiP:
    least_cents = payfip.LEAST_CENTS

    def open(self, operation: Operation, email: str) -> Opened:
        _require_configured()
        office = operation.office
        with calls.calling(SERVICE, office.numcli):
            made = client_of(office).create(
                reference=operation.reference,
                cents=operation.cents,
                email=email,
                subject=operation.due.label[:100],
                notify_url=absolute(reverse("payments:hear")),
                return_url=absolute(reverse("payments:come_back", args=[operation.key])),
            )
        return Opened(made.idop, made.url)

    def ask(self, operation: Operation) -> Result:
        _require_configured()
        office = operation.office
        with calls.calling(SERVICE, office.numcli):
            found = client_of(office).status(operation.remote_id, created_at=operation.created_at)
        outcome, code = _OUTCOMES[found.outcome], found.code
        if found.reference not in {"", operation.reference}:  # somebody else's: we do not know
            outcome, code = Outcome.UNKNOWN, f"{code} d’une autre opération"
        means = Means.DEBIT if found.outcome == payfip.Outcome.PAID_BY_DEBIT else Means.CARD
        # Given up a moment ago: they may come back to its page, and are told at once all the same.
        just_left = outcome == Outcome.WAITING and code == payfip.Outcome.CANCELLED
        if just_left:
            outcome = Outcome.CANCELLED
        return Result(
            outcome, code, means, found.cents, found.at, found.reference, may_change=just_left
        )


PAYFIP = _PayFiP()
