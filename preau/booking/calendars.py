"""A booking as a calendar file: one identity for its whole life, a number that grows."""

from __future__ import annotations

from email.utils import parseaddr
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse

from preau.booking.enums import BookingState
from preau.booking.models import Booking
from preau.core import audit
from preau.notifications.calendars import event_ics
from preau.notifications.emails import absolute


def file_of(booking: Booking) -> tuple[str, str]:
    """The text of the `.ics` and its method."""
    method = "CANCEL" if booking.ended_at else "PUBLISH"
    place = booking.place
    address = f"{place.address}, {place.postcode} {place.commune.name}"
    sure = booking.state in {BookingState.CONFIRMED, BookingState.CANCELLED}
    summary = f"{booking.space.name}, {place.name}"
    text = event_ics(
        uid=f"{booking.reference}@{urlsplit(settings.SITE_URL).hostname or 'preau'}",
        sequence=audit.history(booking).count(),
        start=booking.period.start,
        end=booking.period.end,
        zone=place.time_zone,
        summary=summary if sure else f"{summary} (à confirmer)",
        location=f"{place.name}, {address}",
        description=absolute(reverse("booking:page", args=[booking.reference])),
        method=method,
        certain=sure,
        organizer=(place.name, place.contact_email or parseaddr(settings.DEFAULT_FROM_EMAIL)[1]),
    )
    return text, method
