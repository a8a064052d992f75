"""What a provider says of an operation, in our words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from preau.payments.enums import Means


class Outcome(StrEnum):
    PAID = "paid"
    REFUSED = "refused"
    CANCELLED = "cancelled"
    WAITING = "waiting"
    #: Nobody will pay under it any more.
    EXPIRED = "expired"
    #: It answered something that we do not know: neither paid nor refused.
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Result:
    """One answer.

    Attributes:
        code: its own word for it.
        means, cents, at: of what was paid.
        reference: what it calls us by, "" when it does not say.
        may_change: said too soon to be the last word: it is asked again.
    """

    outcome: Outcome
    code: str = ""
    means: Means = Means.CARD
    cents: int = 0
    at: datetime | None = None
    reference: str = ""
    may_change: bool = False


@dataclass(frozen=True, slots=True)
class Opened:
    """A payment page, ready."""

    remote_id: str
    url: str
