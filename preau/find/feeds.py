"""Calendars to subscribe to: when a space is taken (anyone), what a place holds (its managers)."""

from __future__ import annotations

from datetime import timedelta
from typing import cast

from icalendar import Calendar, Event

from preau.availability.bits import stretches
from preau.availability.enums import OccupancyKind
from preau.availability.models import Occupancy
from preau.availability.queries.space import timeline
from preau.booking.enums import BookingState
from preau.booking.models import Booking
from preau.core import clock
from preau.core.timeranges import Period
from preau.places.models import Place, Space

DAYS_PAST = 30
DAYS_AHEAD = 365
MOST_EVENTS = 5000
#: A calendar looks again that often.
REFRESH = timedelta(hours=1)


def busy_calendar(space: Space, url: str) -> bytes:
    """When the space cannot be taken, preparation included: never by whom nor what for.

    A pool is shown taken when no station is left.
    """
    today = clock.today(space.place.zone)
    line = timeline(space, today - timedelta(days=1), today + timedelta(days=space.horizon_days))
    taken = line.lanes[0] if line.lanes else 0
    for lane in line.lanes[1:]:
        taken &= lane
    calendar = _calendar(f"{space.name}, {space.place.name} : créneaux occupés", url)
    for first, end in stretches(taken):
        start = line.instant(first)
        event = _event(f"{space.pk}-{start:%Y%m%dT%H%MZ}", Period(start, line.instant(end)))
        event.add("summary", "Occupé")
        calendar.add_component(event)
    return cast(bytes, calendar.to_ical())


def place_calendar(place: Place, url: str) -> bytes:
    """Everything that stands in a place, with labels and contacts: for those who run it."""
    now = clock.now()
    around = (now - timedelta(days=DAYS_PAST), now + timedelta(days=DAYS_AHEAD))
    rows = list(
        Occupancy.objects.filter(
            place__one_of=[place.pk],
            released_at=None,
            hold_until=None,
            period__overlap=around,
        )
        .select_related("space", "holder_user", "holder_organization")
        .order_by("period", "id")[:MOST_EVENTS]
    )
    bookings = {one.occupancy_id: one for one in Booking.objects.filter(occupancy__in=rows)}
    calendar = _calendar(f"Planning : {place.name}", url)
    for row in rows:
        calendar.add_component(_planned(row, place, bookings.get(row.pk)))
    return cast(bytes, calendar.to_ical())


def _planned(row: Occupancy, place: Place, booking: Booking | None) -> Event:
    event = _event(f"occupation-{row.pk}", row.span)
    waiting = booking is not None and booking.state != BookingState.CONFIRMED
    label = row.label or OccupancyKind(row.kind).label
    event.add("summary", f"{row.space.name} : {label}{' (à confirmer)' if waiting else ''}")
    event.add("status", "TENTATIVE" if waiting else "CONFIRMED")
    event.add("location", f"{row.space.name}, {place.name}, {place.address}, {place.postcode}")
    event.add("categories", [str(OccupancyKind(row.kind).label)])
    holder = row.holder_organization or row.holder_user
    contact = " ".join(filter(None, (row.contact_name, row.contact_phone)))
    lines = [
        f"Réservation {booking.reference}" if booking else "",
        f"Occupant : {holder}" if holder else "",
        f"Sur place : {contact}" if contact else "",
        f"{booking.attendance} personnes" if booking and booking.attendance else "",
    ]
    if text := "\n".join(filter(None, lines)):
        event.add("description", text)
    return event


def _calendar(name: str, url: str) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", "-//Préau//FR")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", " ".join(name.splitlines()))  # not standard: escaped by no one
    calendar.add("url", url)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    return calendar


def _event(uid: str, period: Period) -> Event:
    event = Event()
    event.add("uid", f"{uid}@preau")
    event.add("dtstamp", clock.now())
    event.add("dtstart", period.start)
    event.add("dtend", period.end)
    event.add("transp", "OPAQUE")
    return event
