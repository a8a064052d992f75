"""Which bookings open doors: those confirmed, on the dates that stand."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest
from django.urls import reverse

from preau.access.cards import panel_of
from preau.access.entitlements import Entitlement
from preau.accounts.models import Membership
from preau.booking.enums import BookingState, DateState
from preau.booking.models import Booking, BookingDate
from preau.core.cards import Panel


def entitled(occupancy_ids: Sequence[int]) -> dict[int, Entitlement]:
    """Read from the bookings themselves, whatever news came of them."""
    dates = BookingDate.objects.filter(
        occupancy__in=occupancy_ids,
        state=DateState.PLANNED,
        booking__state=BookingState.CONFIRMED,
    ).select_related("booking")
    rows = list(dates)
    still = _members({(one.booking.requester_id, one.booking.organization_id) for one in rows})
    return {one.occupancy_id: _entitlement(one.booking, still) for one in rows}


def _members(pairs: set[tuple[int | None, int | None]]) -> set[tuple[int, int]]:
    """Who of them still belongs to the organisation they booked for."""
    users = [user for user, organization in pairs if user and organization]
    rows = Membership.objects.filter(user__in=users, ended_at=None)
    return set(rows.values_list("user_id", "organization_id")) if users else set()


def _entitlement(booking: Booking, still: set[tuple[int, int]]) -> Entitlement:
    user, organization = booking.requester_id, booking.organization_id
    if organization is not None and (user, organization) not in still:
        user = None
    url = reverse("booking:page", args=[booking.reference])
    return Entitlement(user, organization, booking.purpose, url)


def panel(request: HttpRequest, booking: Booking) -> Panel | None:
    """How to come in, on the page of a booking."""
    return panel_of(request, BookingDate.objects.filter(booking=booking).values("occupancy"))
