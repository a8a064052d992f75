"""Links in letters to an occupant: they open a booking signed out, for a time."""

from __future__ import annotations

from datetime import timedelta

from django.urls import reverse

from preau.accounts.models import Membership, User
from preau.booking import queries
from preau.booking.models import Booking
from preau.core import clock
from preau.notifications import links
from preau.notifications.links import Expired

PURPOSE = "booking"
#: A letter forwarded or left open is not a key for ever.
MOST_DAYS = 60

__all__ = ["Expired", "page_for", "read"]


def page_for(booking: Booking, user: User) -> str:
    """The address for that person, good until the day after the booking, 60 days at most."""
    left = booking.ends_at + timedelta(days=1) - clock.now()
    days = max(1, min(MOST_DAYS, left.days + 1))
    facts = {"booking": booking.reference, "user": user.pk}
    return reverse("booking:by_link", args=[links.sign(PURPOSE, facts, days=days)])


def read(token: str) -> tuple[Booking, User] | None:
    """What a link leads to and for whom; None when it leads nowhere, or no longer.

    It is worth what its person is worth today: nothing once their account is closed, or once
    they have left the organisation that they booked for.

    Raises:
        Expired: it was a good link; its time is over.
    """
    facts = links.read(PURPOSE, token)
    if facts is None:
        return None
    booking = queries.by_reference(str(facts["booking"]))
    user = User.objects.filter(pk=facts["user"], is_active=True).first()
    if booking is None or user is None or not _holds(booking, user):
        return None
    return booking, user


def _holds(booking: Booking, user: User) -> bool:
    if booking.requester_id == user.pk and booking.requester_still_holds:
        return True
    members = Membership.objects.filter(organization=booking.organization_id, ended_at=None)
    return booking.organization_id is not None and members.filter(user=user).exists()
