"""Calendars to subscribe to: what a place, a provider or a mediator holds."""

from __future__ import annotations

from typing import cast

from icalendar import Calendar, Event

from preau.core import clock
from preau.find.feeds import REFRESH
from preau.timetables.models import ResidencyDate, Timetable

KINDS = {
    "lieu": "hosting__place",
    "service": "need",
    "mediateur": "need__mediator",
    "structure": "need__provider",
}


def calendar_of(timetable: Timetable, kind: str, pk: int, url: str) -> bytes:
    """The dates that are taken, each as it is: those left aside are not there."""
    rows = ResidencyDate.objects.filter(
        occupancy__released_at=None,
        residency__hosting__timetable=timetable,
        **{f"residency__{KINDS[kind]}": pk},
    ).select_related("occupancy__space__place", "residency__need")
    calendar = Calendar()
    for name, value in (
        ("prodid", "-//Préau//FR"),
        ("version", "2.0"),
        ("method", "PUBLISH"),
        ("x-wr-calname", " ".join(f"Permanences : {timetable}".splitlines())),
        ("url", url),
    ):
        calendar.add(name, value)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    for row in rows.order_by("occupancy__period", "id"):
        calendar.add_component(_event(row))
    return cast(bytes, calendar.to_ical())


def _event(date: ResidencyDate) -> Event:
    row, need = date.occupancy, date.residency.need
    place = row.space.place
    event = Event()
    event.add("uid", f"permanence-{row.pk}@preau")
    event.add("dtstamp", clock.now())
    event.add("dtstart", row.period.lower)
    event.add("dtend", row.period.upper)
    event.add("summary", f"{need.label} ({need.provider_name})")
    event.add("location", f"{row.space.name}, {place.name}, {place.address}, {place.postcode}")
    return event
