"""A booking as a calendar file: one identity a date for its whole life, a number that grows."""

from __future__ import annotations

from collections.abc import Iterable
from email.utils import parseaddr
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse

from preau.booking.enums import BookingState, DateState
from preau.booking.models import Booking, BookingDate
from preau.core import audit
from preau.notifications.calendars import Entry, events_ics
from preau.notifications.emails import absolute


def file_of(booking: Booking) -> tuple[str, str]:
    """The text of the `.ics`, with one event a date, and its method."""
    method = "CANCEL" if booking.ended_at else "PUBLISH"
    return events_ics(entries_of([booking]), method=method), method


def entries_of(bookings: Iterable[Booking]) -> list[Entry]:
    """One entry a date, of bookings read `with_facts`; constant in queries."""
    known = {booking.pk: booking for booking in bookings}
    dates = BookingDate.objects.filter(booking__in=known).order_by("booking", "id")
    of_each: dict[int, list[BookingDate]] = {pk: [] for pk in known}
    for one in dates.select_related("occupancy__space__place__commune"):
        of_each[one.booking_id].append(one)
    sequences = audit.lengths(known.values())
    return [
        _entry(known[pk], one, sequences[pk], alone=one.pk == mine[0].pk)
        for pk, mine in of_each.items()
        for one in mine
    ]


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
