"""The agreement of a booking: drawn up, amended, withdrawn."""

from __future__ import annotations

from preau.accounts.actors import Actor
from preau.agreements.actions.drawing import cancel_agreement, draw_up
from preau.agreements.actions.settings import of as signing_settings
from preau.agreements.enums import PENDING
from preau.agreements.models import Agreement
from preau.agreements.signatories import signatories_of
from preau.booking.actions.steps import occupancies_of
from preau.booking.agreement import (
    Draft,
    draft_of,
    standing_agreement,
)
from preau.booking.models import Booking


def draw(booking: Booking, actor: Actor) -> Agreement | None:
    """Draw up the agreement if one is asked for, none stands, and nothing keeps it from being."""
    if standing_agreement(booking) is not None:
        return None
    draft = draft_of(booking)
    if draft is None or draft.missing:
        return None
    booking.agreement = _drawn(booking, draft, actor)
    booking.save(update_fields=["agreement"])
    return booking.agreement


def redraw(booking: Booking, reason: str, actor: Actor) -> None:
    """Its dates or price have changed: an amendment once signed, a new agreement before."""
    agreement = standing_agreement(booking)
    if agreement is None:
        return
    if agreement.state in PENDING:
        cancel_agreement(agreement, reason or "Les dates ont changé.", actor=actor)
        booking.agreement = None
        booking.save(update_fields=["agreement"])
        draw(booking, actor)
        return
    draft = draft_of(booking)
    if draft is None or draft.missing:
        return
    for pending in agreement.amendments.filter(state__in=PENDING):
        cancel_agreement(pending, "Remplacé par un autre avenant.", actor=actor)
    _drawn(booking, draft, actor, amends=agreement, reason=reason or "Changement de dates.")


def withdraw(booking: Booking, reason: str, actor: Actor) -> None:
    """The booking is over before its time: so is its agreement."""
    agreement = standing_agreement(booking)
    if agreement is not None:
        for pending in agreement.amendments.filter(state__in=PENDING):
            cancel_agreement(pending, reason, actor=actor)
        cancel_agreement(agreement, reason, actor=actor)


def _drawn(
    booking: Booking,
    draft: Draft,
    actor: Actor,
    *,
    amends: Agreement | None = None,
    reason: str = "",
) -> Agreement:
    return draw_up(
        actor=actor,
        version=draft.version,
        place=booking.place,
        holder_user=None if booking.organization else booking.requester,
        holder_organization=booking.organization,
        occupancies=occupancies_of(booking),
        facts=draft.facts,
        signatories=signatories_of(draft.facts),
        days_to_sign=draft.facts.days_to_sign,
        provider=signing_settings(booking.place.owner).provider,
        amends=amends,
        reason=reason,
    )
