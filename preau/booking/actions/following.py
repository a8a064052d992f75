"""What a booking becomes when its agreement is signed, refused, or left unsigned."""

from __future__ import annotations

from django.db import transaction

from preau.accounts.actors import Actor
from preau.agreements.enums import AgreementState
from preau.agreements.models import Agreement
from preau.agreements.models.rounds import Signatory
from preau.agreements.signing_enums import SignatoryRole
from preau.booking import money
from preau.booking.actions.progress import complete
from preau.booking.actions.steps import finish, locked
from preau.booking.enums import ACCEPTED, BookingState, Change, Side
from preau.booking.models import Booking


@transaction.atomic
def follow(booking: Booking, agreement: Agreement, *, actor: Actor) -> None:
    """Confirm, or end, an accepted booking that waited for this agreement. Twice is harmless.

    An amendment refused or left unsigned leaves the booking, and its agreement, as they were.
    """
    booking = locked(booking)
    if agreement.state == AgreementState.SIGNED:
        complete(booking, actor)
        return
    if booking.agreement_id != agreement.pk:
        return
    if agreement.state == AgreementState.CANCELLED and booking.state in ACCEPTED:
        booking.reason = agreement.reason
        finish(booking, BookingState.CANCELLED, Change.CANCELLED, Side.MANAGER, actor)
        return
    if booking.state != BookingState.TO_COMPLETE:
        return
    if agreement.state == AgreementState.EXPIRED:
        booking.reason = ""
        finish(booking, BookingState.EXPIRED, Change.NOT_COMPLETED, Side.OCCUPANT, actor)
        return
    who = Signatory.objects.filter(round__agreement=agreement).exclude(reason="").last()
    booking.reason = who.reason if who else "La convention n’a pas été signée."
    if who is not None and who.role == SignatoryRole.OCCUPANT:
        finish(booking, BookingState.CANCELLED, Change.CANCELLED, Side.OCCUPANT, actor)
    else:
        finish(booking, BookingState.REFUSED, Change.REFUSED, Side.MANAGER, actor)


@transaction.atomic
def paid(booking: Booking, *, actor: Actor) -> None:
    """What it waited for is paid, or its office asks it otherwise. Twice is harmless."""
    booking = locked(booking)
    if booking.state == BookingState.TO_COMPLETE:
        money.follow(booking, Change.COMPLETED, actor)  # until when it is to be paid, as it is now
    complete(booking, actor)
