"""The week at a glance: how much of each place's open time is taken."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from preau.availability.enums import OccupancyKind
from preau.availability.models import Occupancy, SpaceCalendar
from preau.availability.opening_index import open_days
from preau.booking.enums import ACCEPTED
from preau.booking.models import BookingDate
from preau.core import clock
from preau.core.timeranges import Period, day_period, local_instant
from preau.places.enums import Publication
from preau.places.models import Place


@dataclass(frozen=True)
class WeekOfPlace:
    """A place's week, in minutes, halls and rooms added up."""

    place: Place
    taken: int
    opened: int

    @property
    def hours(self) -> int:
        return round(self.taken / 60)

    @property
    def percent(self) -> int | None:
        """Of the open time; may pass a hundred: the owner also comes outside opening hours."""
        return round(100 * self.taken / self.opened) if self.opened else None


def week_of_places(places: Sequence[Place]) -> list[WeekOfPlace]:
    """This week of each place, in a fixed number of queries."""
    if not places:
        return []
    today = clock.today(places[0].zone)
    monday = today - timedelta(days=today.weekday())
    taken, opened = _taken(places, monday), _opened(places, monday)
    return [WeekOfPlace(place, taken[place.pk], opened[place.pk]) for place in places]


def _opened(places: Sequence[Place], monday: date) -> dict[int, int]:
    rows = SpaceCalendar.objects.filter(
        space__place__in=[place.pk for place in places], space__root=None
    ).exclude(space__publication=Publication.ARCHIVED)
    followers = defaultdict(list)
    for calendar_id, place_id in rows.values_list("calendar_id", "space__place_id"):
        followers[calendar_id].append(place_id)
    found: dict[int, int] = defaultdict(int)
    week = open_days(followers, monday, monday + timedelta(days=6))
    for calendar_id, days in week.items():
        for place_id in followers[calendar_id]:
            found[place_id] += 15 * sum(bits.bit_count() for bits in days.values())
    return found


def _taken(places: Sequence[Place], monday: date) -> dict[int, int]:
    weeks = {
        place.pk: Period(
            local_instant(monday, 0, place.zone),
            day_period(monday + timedelta(days=6), place.zone).end,
        )
        for place in places
    }
    first = min(week.start for week in weeks.values())
    last = max(week.end for week in weeks.values())
    waiting = BookingDate.objects.exclude(booking__state__in=ACCEPTED).values("occupancy")
    uses = (
        Occupancy.objects.filter(
            place__one_of=list(weeks),
            released_at=None,
            hold_until=None,
            period__overlap=(first, last),
        )
        .exclude(kind=OccupancyKind.CLOSURE)
        .exclude(pk__in=waiting)
    )
    found: dict[int, int] = defaultdict(int)
    for place_id, span in uses.values_list("place_id", "period"):
        start = max(span.lower, weeks[place_id].start)
        end = min(span.upper, weeks[place_id].end)
        if end > start:
            found[place_id] += int((end - start).total_seconds()) // 60
    return found
