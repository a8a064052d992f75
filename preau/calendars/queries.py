"""What the pages show of outside calendars."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from preau.availability.models import Occupancy
from preau.availability.queries.space import occupancies
from preau.booking.models import Booking
from preau.calendars.enums import EventState
from preau.calendars.models import OutsideCalendar, OutsideEvent
from preau.core import clock
from preau.core.timeranges import Period
from preau.desk.queries.planning import bookings_of
from preau.places.models import Place

MOST_CONFLICTS = 50


def of_place(place: Place) -> QuerySet[OutsideCalendar]:
    """Those it follows, with how many of their coming times are placed, or in conflict."""
    coming = Q(events__period__endswith__gt=clock.now())
    return (
        OutsideCalendar.objects.filter(place=place, stopped_at=None)
        .select_related("space", "place")
        .annotate(
            placed=Count("events", filter=coming & Q(events__state=EventState.PLACED)),
            conflicts=Count("events", filter=coming & Q(events__state=EventState.CONFLICT)),
        )
        .order_by("name", "id")
    )


@dataclass(frozen=True)
class Standing:
    """What stands where an outside event would be."""

    occupancy: Occupancy
    booking: Booking | None


@dataclass(frozen=True)
class Clash:
    """An outside event, and what it falls on."""

    event: OutsideEvent
    standing: Sequence[Standing]


def clashes(calendar: OutsideCalendar) -> list[Clash]:
    """The coming conflicts, the nearest first; constant in queries."""
    events = list(
        calendar.events.filter(
            state=EventState.CONFLICT, period__endswith__gt=clock.now()
        ).order_by("period", "id")[:MOST_CONFLICTS]
    )
    if not events:
        return []
    around = Period(min(one.span.start for one in events), max(one.span.end for one in events))
    standing = occupancies([calendar.space], around)
    if not calendar.space.is_pool:  # there, its own take the units that others would have
        own = calendar.events.filter(occupancy__isnull=False)
        standing = standing.exclude(pk__in=own.values("occupancy"))
    found = list(standing)
    bookings = bookings_of(found)
    return [
        Clash(
            event,
            [
                Standing(one, bookings.get(one.pk))
                for one in found
                if one.busy_span.overlaps(event.span)
            ],
        )
        for event in events
    ]
