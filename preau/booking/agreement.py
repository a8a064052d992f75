"""What the agreement of a booking would say, whether one stands, what keeps it from being."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from preau.agreements.drafting.facts import (
    AgreementFacts,
    Attendance,
    EquipmentLine,
    Insurance,
    Person,
    PriceLine,
)
from preau.agreements.drafting.gathering import Wanted, gather
from preau.agreements.enums import PENDING, AgreementState
from preau.agreements.gates import Missing, missing
from preau.agreements.models import Agreement, ModelVersion
from preau.agreements.queries import published
from preau.booking.actions.steps import occupancies_of
from preau.booking.fees import terms_of
from preau.booking.models import Booking
from preau.core import clock
from preau.documents.enums import DocumentKind
from preau.pricing.models import Option

LIVE = PENDING | {AgreementState.SIGNED}


@dataclass(frozen=True)
class Draft:
    """An agreement that could be drawn up, and what keeps it from being."""

    version: ModelVersion
    facts: AgreementFacts
    missing: Sequence[Missing]


def required_version(booking: Booking) -> ModelVersion | None:
    """The published text that this booking is agreed under; None when there is none to sign.

    Callers without an account sign on paper, at the counter.
    """
    model = booking.rules.agreement_model if booking.rules else None
    if model is None or booking.requester_id is None:
        return None
    return published(model)


def standing_agreement(booking: Booking) -> Agreement | None:
    """The agreement in force or on its way."""
    agreement = booking.agreement
    return agreement if agreement is not None and agreement.state in LIVE else None


def draft_of(booking: Booking) -> Draft | None:
    """What the agreement would say now."""
    version = required_version(booking)
    if version is None:
        return None
    facts = _facts(booking, version)
    return Draft(version, facts, missing(version, facts))


def pending_amendment(booking: Booking) -> Agreement | None:
    agreement = booking.agreement
    return agreement.amendments.filter(state__in=PENDING).first() if agreement else None


def _facts(booking: Booking, version: ModelVersion) -> AgreementFacts:
    return gather(
        version.model.case,  # type: ignore[arg-type]
        booking.place,
        occupancies_of(booking),
        _wanted(booking),
        holder_user=None if booking.organization else booking.requester,
        holder_organization=booking.organization,
        representative=_representative(booking),
    )


def _representative(booking: Booking) -> Person | None:
    """Who asked signs for their organisation, in the capacity they gave."""
    who = booking.requester
    if who is None or booking.organization is None:
        return None
    return Person(name=who.full_name, email=who.email, capacity=booking.capacity, user_id=who.pk)


def _wanted(booking: Booking) -> Wanted:
    price = booking.price
    return Wanted(
        purpose=booking.purpose,
        attendance=Attendance(
            people=booking.attendance or 1,
            is_public_event=booking.is_public_event,
            safety_person=booking.contact_name,
            safety_phone=booking.contact_phone,
        ),
        prices=tuple(
            PriceLine(
                label=str(line["label"]),
                amount_cents=int(line["amount_cents"]),
                detail=str(line.get("explanation", "")),
            )
            for line in (price.lines if price else [])
        ),
        total_cents=price.total_cents if price else 0,
        deposit_cents=price.deposit_cents if price else 0,
        cancellation=tuple(terms_of(booking.price)),
        options=_options(booking),
        insurance=_insurance(booking),
        is_economic=booking.is_economic,
        competition="admise par les règles du lieu" if _admitted(booking) else "",
        engages_republican_values=booking.engages_republican_values,
        days_to_sign=_days_to_sign(booking),
    )


def _admitted(booking: Booking) -> bool:
    return booking.rules is not None and booking.rules.allows_economic_use


def _days_to_sign(booking: Booking) -> int:
    """From now to the deadline for completing, rounded down, one day at least."""
    if booking.complete_by is None:
        return booking.rules.completion_days if booking.rules else 14
    return max((booking.complete_by - clock.now()) // timedelta(days=1), 1)


def _options(booking: Booking) -> tuple[EquipmentLine, ...]:
    wanted = {int(pk): int(quantity) for pk, quantity in booking.wanted_options}
    found = Option.objects.filter(pk__in=wanted).order_by("pk")
    return tuple(EquipmentLine(label=one.name, quantity=wanted[one.pk]) for one in found)


def _insurance(booking: Booking) -> tuple[Insurance, ...]:
    pieces = booking.pieces.filter(kind=DocumentKind.INSURANCE).select_related("document")
    return tuple(
        Insurance(valid_until=one.document.expires_on)
        for one in pieces
        if one.document.expires_on is not None and one.state != "a_remplacer"
    )
