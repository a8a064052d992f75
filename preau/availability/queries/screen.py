"""What the managers' pages on opening hours show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Prefetch, QuerySet

from preau.availability.bits import masks
from preau.availability.enums import OccupancyKind
from preau.availability.facts import day_facts
from preau.availability.models import Occupancy, OpeningCalendar, SpaceCalendar
from preau.availability.opening import ExceptionalDays, Opening, Rule
from preau.core import clock
from preau.core.french import by_name
from preau.core.timeranges import local_days
from preau.places.enums import Publication
from preau.places.models import Place, Space
from preau.territories.calendars import zone_is_known, zone_known_until
from preau.territories.enums import SchoolZone


def calendars_of(place: Place) -> list[OpeningCalendar]:
    """The hours of a place, with their rules and the spaces that follow them."""
    followers = SpaceCalendar.objects.select_related("space").order_by(*by_name("space__name"))
    return list(
        OpeningCalendar.objects.filter(place=place)
        .prefetch_related("rules", Prefetch("followers", followers))
        .order_by(*by_name("name"), "pk")
    )


def spaces_without_hours(place: Place) -> QuerySet[Space]:
    """Never open, so never found: the manager should know."""
    return (
        place.spaces.filter(opening=None)
        .exclude(publication=Publication.ARCHIVED)
        .order_by(*by_name("name"), "pk")
    )


def coming_bookings(spaces: QuerySet[Space]) -> list[Occupancy]:
    """Bookings to come in these spaces, sent or confirmed."""
    return list(
        Occupancy.objects.filter(
            space__in=spaces,
            kind=OccupancyKind.BOOKING,
            hold_until=None,
            released_at=None,
            period__startswith__gte=clock.now(),
        )
        .select_related("space")
        .order_by("period")
    )


def outside(
    coming: Sequence[Occupancy],
    place: Place,
    rules: Sequence[Rule],
    exceptions: Sequence[ExceptionalDays],
) -> list[Occupancy]:
    """Those of these bookings that such hours, saved or not, do not cover."""
    if not coming:
        return []
    days = [day for one in coming for day in local_days(one.span, place.zone)]
    # The eve too: a night that begins on it goes on.
    facts = day_facts(place, min(days) - timedelta(days=1), max(days))
    opening = Opening(rules, exceptions, facts)
    return [
        one
        for one in coming
        if any(mask & ~opening.bits(day) for day, mask in masks(one.span, place.zone).items())
    ]


def outside_hours(calendar: OpeningCalendar) -> list[Occupancy]:
    """Coming bookings that the present hours no longer cover: they stand, the manager decides."""
    coming = coming_bookings(Space.objects.filter(opening__calendar=calendar))
    rules, exceptions = list(calendar.rules.all()), list(calendar.exceptions.all())
    return outside(coming, calendar.place, rules, exceptions)


@dataclass(frozen=True)
class SchoolCalendar:
    """The school calendar of a place: its zone's, or the one its owner enters."""

    label: str
    is_known: bool
    known_until: date | None


def school_calendar(place: Place) -> SchoolCalendar:
    zone = place.commune.school_zone
    return SchoolCalendar(SchoolZone(zone).label, zone_is_known(zone), zone_known_until(zone))
