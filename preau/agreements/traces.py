"""What a round writes in the agreement's journal, and what it keeps apart, being personal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest

from preau.agreements.models.rounds import Signatory, SignatureRound
from preau.documents import journal


@dataclass(frozen=True, slots=True)
class Trace:
    """From where somebody acted. Kept beside the chain, erasable."""

    ip: str = ""
    user_agent: str = ""


#: The platform itself: deadlines, sending, sealing.
NOWHERE = Trace()


def chain_of(agreement_id: int) -> str:
    return f"agreement:{agreement_id}"


def trace_of(request: HttpRequest) -> Trace:
    from allauth.core.internal.ratelimit import get_ip

    return Trace(ip=get_ip(request), user_agent=request.headers.get("user-agent", "")[:300])


def write(
    round_: SignatureRound,
    kind: str,
    *,
    signatory: Signatory | None = None,
    trace: Trace = NOWHERE,
    at: datetime | None = None,
    **data: Any,
) -> None:
    """Add one event of the round to the chain, in the caller's transaction.

    `data`: ids, states, digests and versions. Addresses, names and machines go to the side row.
    """
    private: dict[str, str] = {}
    if signatory is not None:
        data |= {"signatory": signatory.pk, "position": signatory.position}
        private |= {"email": signatory.email, "name": signatory.name}
    if trace != NOWHERE:
        private |= {"ip": trace.ip, "user_agent": trace.user_agent}
    journal.append(
        chain_of(round_.agreement_id),
        f"signature.{kind}",
        {"round": round_.number, **data},
        at=at,
        **({"private": private} if private else {}),
    )
