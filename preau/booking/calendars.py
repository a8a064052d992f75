"""A booking as a calendar file: one identity a date for its whole life, a number that grows."""

from __future__ import annotations

from email.utils import parseaddr
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse

from preau.booking.actions.steps import placed
from preau.booking.enums import BookingState, DateState
from preau.booking.models import Booking, BookingDate
from preau.core import audit
from preau.notifications.calendars import Entry, events_ics
from preau.notifications.emails import absolute


def file_of(booking: Booking) -> tuple[str, str]:
    """The text of the `.ics`, with one event a date, and its method."""
    method = "CANCEL" if booking.ended_at else "PUBLISH"
    dates = placed(booking, booking.dates.select_related("occupancy").order_by("id"))
    sequence = audit.history(booking).order_by().count()
    first = dates[0].pk
    entries = [_entry(booking, one, sequence, alone=one.pk == first) for one in dates]
    return events_ics(entries, method=method), method


def _entry(booking: Booking, date: BookingDate, sequence: int, *, alone: bool) -> Entry:
    """One date.

    Args:
        alone: the first date; that of a booking which is no series has the reference for name.
    """
    space = date.occupancy.space
    place = space.place
    sure = booking.state in {BookingState.CONFIRMED, BookingState.CANCELLED}
    name = booking.reference
    if booking.is_series or not alone:
        name = f"{name}-{date.pk}"
    summary = f"{space.name}, {place.name}"
    address = f"{place.address}, {place.postcode} {place.commune.name}"
    return Entry(
        uid=f"{name}@{urlsplit(settings.SITE_URL).hostname or 'preau'}",
        sequence=sequence,
        start=date.period.start,
        end=date.period.end,
        zone=place.time_zone,
        summary=summary if sure else f"{summary} (à confirmer)",
        location=f"{place.name}, {address}",
        description=absolute(reverse("booking:page", args=[booking.reference])),
        certain=sure,
        organizer=(place.name, place.contact_email or parseaddr(settings.DEFAULT_FROM_EMAIL)[1]),
        cancelled=date.state == DateState.CANCELLED,
    )
