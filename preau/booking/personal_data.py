"""What bookings say of a person: exported when they ask, emptied when their account closes."""

from __future__ import annotations

from typing import Any

from preau.accounts.models import User
from preau.availability.models import Occupancy
from preau.booking.enums import BLOCKING, WaitingState
from preau.booking.models import Booking, WaitingEntry
from preau.core import clock


def personal_data(user: User) -> dict[str, Any]:
    """What they asked for themself or for an organisation, forms left unfinished included."""
    asked = (
        Booking.objects.filter(requester=user)
        .select_related("occupancy", "space__place", "organization")
        .order_by("pk")
    )
    return {"réservations": [_row(booking) for booking in asked.iterator()]}


def _row(booking: Booking) -> dict[str, Any]:
    return {
        "référence": booking.reference,
        "état": booking.get_state_display(),
        "lieu": booking.space.place.name,
        "espace": booking.space.name,
        "début": booking.starts_at,
        "fin": booking.ends_at,
        "au nom de": booking.organization.name if booking.organization else "",
        "objet": booking.purpose,
        "ouvert au public": booking.is_public_event,
        "nombre de personnes": booking.attendance,
        "contact sur place": booking.contact_name,
        "téléphone du contact": booking.contact_phone,
        "précisions": booking.remarks,
        "demandée le": booking.requested_at,
        "réponse donnée le": booking.decided_at,
        "motif": booking.reason,
        "close le": booking.ended_at,
    }


def forget(user: User) -> None:
    """What is over no longer says whom to call. What is to come stays with its organisation."""
    waits = WaitingEntry.objects.filter(user=user, state=WaitingState.WAITING, ended_at=None)
    waits.update(state=WaitingState.LEFT, ended_at=clock.now())
    asked = Booking.objects.filter(requester=user)
    over = asked.exclude(state__in=BLOCKING, ends_at__gt=clock.now())
    Occupancy.objects.filter(booking_date__booking__in=over).update(
        contact_name="", contact_phone=""
    )
    over.update(contact_name="", contact_phone="", remarks="")
