"""What the exports hold: rows of bookings, of users, of hours; never the whole in memory."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import QuerySet

from preau.availability.enums import OccupancyKind
from preau.availability.models import Occupancy, SpaceCalendar
from preau.availability.opening_index import open_days
from preau.booking.enums import ACCEPTED, UNSENT, DateState
from preau.booking.models import BookingDate
from preau.core.french import by_name
from preau.core.timeranges import Period, day_period, local_instant
from preau.places.enums import Publication
from preau.places.models import Place, Space

CHUNK = 500


def dates_between(places: Sequence[Place], first: date, last: date) -> Iterator[BookingDate]:
    """Each date of each booking sent, place by place, in order."""
    for place in places:
        whole = _whole(place, first, last)
        rows = _dates(place, whole).order_by("occupancy__period", "id")
        yield from rows.iterator(chunk_size=CHUNK)


def _whole(place: Place, first: date, last: date) -> Period:
    return Period(local_instant(first, 0, place.zone), day_period(last, place.zone).end)


def _dates(place: Place, whole: Period) -> QuerySet[BookingDate]:
    return (
        BookingDate.objects.filter(
            booking__place=place, occupancy__period__overlap=(whole.start, whole.end)
        )
        .exclude(booking__state__in=UNSENT)
        .select_related(
            "occupancy__space", "booking__place", "booking__requester", "booking__organization"
        )
    )


@dataclass
class Occupant:
    """Somebody who came, or asked to, and how much."""

    name: str
    structure: str = ""
    email: str = ""
    phone: str = ""
    bookings: set[int] = field(default_factory=set)
    dates: int = 0
    minutes: int = 0
    absences: int = 0
    last_day: date | None = None


def occupants(places: Sequence[Place], first: date, last: date) -> list[Occupant]:
    """Who used these places, in order of name. One line a person and organisation."""
    found: dict[tuple[str, ...], Occupant] = {}
    for one in dates_between(places, first, last):
        booking = one.booking
        name, email = booking.caller_name, booking.caller_email
        if booking.requester is not None:
            name, email = booking.requester.full_name, booking.requester.email
        structure = booking.caller_structure
        if booking.organization is not None:
            structure = booking.organization.name
        who = found.setdefault((structure, name, email), Occupant(name, structure, email))
        who.phone = booking.contact_phone or who.phone
        who.bookings.add(booking.pk)
        if booking.state in ACCEPTED and one.state != DateState.CANCELLED:
            who.dates += 1
            who.minutes += one.period.minutes
            who.absences += one.state == DateState.NO_SHOW
            day = one.period.start.astimezone(booking.place.zone).date()
            who.last_day = max(who.last_day or day, day)
    return [who for _, who in sorted(found.items())]


@dataclass
class MonthOfSpace:
    """A space's hours in a month, in minutes; of all its stations when it is a pool."""

    space: Space
    month: date
    opened: int = 0
    booked: int = 0
    own_use: int = 0
    closed: int = 0
    #: Taken with a hall or a part that shares its floor.
    shared: int = 0

    @property
    def rate(self) -> float | None:
        """The part of the open time that bookings and own use take."""
        if not self.opened:
            return None
        return min((self.booked + self.own_use + self.shared) / self.opened, 1.0)


def months_of_spaces(places: Sequence[Place], first: date, last: date) -> Iterator[MonthOfSpace]:
    """Open and occupied time, per space and month, place by place."""
    for place in places:
        yield from _months_of(place, first, last)


def _months_of(place: Place, first: date, last: date) -> list[MonthOfSpace]:
    spaces = list(
        place.spaces.exclude(publication=Publication.ARCHIVED)
        .prefetch_related("units")
        .order_by(*by_name("name"), "pk")
    )
    cells = {
        (space.pk, month): MonthOfSpace(space, month)
        for space in spaces
        for month in _months(first, last)
    }
    _add_opening(place, spaces, cells, first, last)
    uses = list(_standing(place, _whole(place, first, last)))
    units = {space.pk: {unit.pk for unit in space.units.all()} for space in spaces}
    for space in spaces:
        _add_uses(place, space, uses, units, cells, first, last)
    return list(cells.values())


def _months(first: date, last: date) -> list[date]:
    found, month = [], first.replace(day=1)
    while month <= last:
        found.append(month)
        month = (month + timedelta(days=32)).replace(day=1)
    return found


def _add_opening(
    place: Place,
    spaces: list[Space],
    cells: dict[tuple[int, date], MonthOfSpace],
    first: date,
    last: date,
) -> None:
    followers = defaultdict(list)
    pairs = SpaceCalendar.objects.filter(space__in=spaces).values_list("calendar_id", "space_id")
    for calendar_id, space_id in pairs:
        followers[calendar_id].append(space_id)
    lanes = {space.pk: space.units.all().count() if space.is_pool else 1 for space in spaces}
    for calendar_id, days in open_days(followers, first, last).items():
        for day, bits in days.items():
            for space_id in followers[calendar_id]:
                cells[space_id, day.replace(day=1)].opened += (
                    15 * bits.bit_count() * lanes[space_id]
                )


def _standing(place: Place, whole: Period) -> QuerySet[Occupancy]:
    """What takes time for good: no hold, no request still waiting."""
    waiting = BookingDate.objects.exclude(booking__state__in=ACCEPTED).values("occupancy")
    return (
        Occupancy.objects.filter(
            place__one_of=[place.pk],
            released_at=None,
            hold_until=None,
            period__overlap=(whole.start, whole.end),
        )
        .exclude(pk__in=waiting)
        .order_by("period", "id")
    )


def _add_uses(
    place: Place,
    space: Space,
    uses: list[Occupancy],
    units: dict[int, set[int]],
    cells: dict[tuple[int, date], MonthOfSpace],
    first: date,
    last: date,
) -> None:
    names = {
        OccupancyKind.BOOKING: "booked",
        OccupancyKind.OWN_USE: "own_use",
        OccupancyKind.RESIDENCY: "booked",
        OccupancyKind.CLOSURE: "closed",
    }
    for month in _months(first, last):
        cell, whole = cells[space.pk, month], _month_within(place, month, first, last)
        taken: list[Period] = []
        for use in uses:
            part = _common(use.span, whole)
            if part is None:
                continue
            if use.space_id == space.pk:
                name = names[OccupancyKind(use.kind)]
                setattr(cell, name, getattr(cell, name) + part.minutes * use.quantity)
            elif use.kind != OccupancyKind.CLOSURE and units[space.pk] & units.get(
                use.space_id, set()
            ):
                cell.shared += sum(rest.minutes for rest in part.minus(taken))
                taken.append(part)


def _month_within(place: Place, month: date, first: date, last: date) -> Period:
    end = (month + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    return _whole(place, max(month, first), min(end, last))


def _common(one: Period, other: Period) -> Period | None:
    if not one.overlaps(other):
        return None
    return Period(max(one.start, other.start), min(one.end, other.end))


def wall(instant: datetime, place: Place) -> datetime:
    return instant.astimezone(place.zone)
