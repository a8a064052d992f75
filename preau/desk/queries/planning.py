"""The planning of a place: the week of all its spaces, and one day in order of arrival."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Q, QuerySet

from preau.availability.enums import OccupancyKind
from preau.availability.models import Occupancy, SpaceCalendar
from preau.availability.opening_index import open_days
from preau.booking.enums import BookingState
from preau.booking.models import Booking, BookingDate
from preau.core import clock, formats
from preau.core.french import by_name, rank
from preau.core.timeranges import Period, day_period
from preau.places.enums import Publication
from preau.places.models import Place, Space

_CSS = {
    OccupancyKind.BOOKING: "pr-cell--busy",
    OccupancyKind.OWN_USE: "pr-cell--own",
    OccupancyKind.RESIDENCY: "pr-cell--own",
    OccupancyKind.CLOSURE: "pr-cell--closed",
}


@dataclass(frozen=True)
class Line:
    """One use of a space on one day, in words."""

    occupancy: Occupancy
    booking: Booking | None
    part: Period
    hours: str
    who: str
    state: str
    css: str
    #: The space by which this one is taken too (a hall and its parts); None for its own uses.
    through: Space | None = None


@dataclass
class Cell:
    day: date
    is_open: bool
    lines: list[Line] = field(default_factory=list)


@dataclass
class Row:
    space: Space
    cells: list[Cell]


@dataclass(frozen=True)
class Week:
    """All the spaces of a place over seven days."""

    monday: date
    days: list[date]
    rows: list[Row]

    def by_day(self) -> list[tuple[date, list[tuple[Space, Line]]]]:
        """The same as a list: day by day, in order of hours, each use once."""
        found = []
        for number, day in enumerate(self.days):
            lines = [
                (row.space, line)
                for row in self.rows
                for line in row.cells[number].lines
                if line.through is None
            ]
            found.append((day, sorted(lines, key=lambda one: (one[1].part, rank(one[0].name)))))
        return found


def week_of(place: Place, monday: date) -> Week:
    """The planning from a Monday on, in a fixed number of queries."""
    days = [monday + timedelta(days=number) for number in range(7)]
    spaces = _spaces(place)
    units = {space.pk: {unit.pk for unit in space.units.all()} for space in spaces}
    opened = _open_days(spaces, days)
    whole = Period(day_period(days[0], place.zone).start, day_period(days[-1], place.zone).end)
    uses = _uses(place, whole)
    rows = []
    for space in spaces:
        cells = [Cell(day, (space.pk, day) in opened) for day in days]
        for occupancy, booking in uses:
            if _takes(occupancy, space, units):
                for cell in cells:
                    if (line := _line(occupancy, booking, cell.day, space, place)) is not None:
                        cell.lines.append(line)
        rows.append(Row(space, cells))
    return Week(monday, days, rows)


def day_of(place: Place, day: date) -> list[Line]:
    """Everything that happens at a place on a day, in order."""
    found = []
    for occupancy, booking in _uses(place, day_period(day, place.zone)):
        line = _line(occupancy, booking, day, occupancy.space, place)
        if line is not None:
            found.append(line)
    return sorted(found, key=lambda line: (line.part, rank(line.occupancy.space.name)))


def _spaces(place: Place) -> list[Space]:
    """Live spaces, each hall before its parts."""
    spaces = list(
        place.spaces.exclude(publication=Publication.ARCHIVED)
        .prefetch_related("units")
        .order_by(*by_name("name"), "pk")
    )
    roots = {space.pk: (space.name, space.pk) for space in spaces if space.root_id is None}
    return sorted(
        spaces,
        key=lambda space: (
            roots.get(space.root_id_or_self, (space.name, space.pk)),
            space.root_id is not None,
            space.name,
        ),
    )


def _open_days(spaces: list[Space], days: list[date]) -> set[tuple[int, date]]:
    calendars = dict(
        SpaceCalendar.objects.filter(space__in=spaces).values_list("space_id", "calendar_id")
    )
    opened = open_days(calendars.values(), days[0], days[-1])
    return {
        (space_id, day)
        for space_id, calendar_id in calendars.items()
        for day in days
        if day in opened.get(calendar_id, {})
    }


def live_uses(place: Place, period: Period) -> QuerySet[Occupancy]:
    """What takes time in a place during a period; lapsed holds no longer do."""
    live = Q(hold_until=None) | Q(hold_until__gt=clock.now())
    return (
        Occupancy.objects.filter(
            live,
            place__one_of=[place.pk],
            released_at=None,
            period__overlap=(period.start, period.end),
        )
        .select_related("space", "holder_user", "holder_organization")
        .order_by("period", "id")
    )


def _uses(place: Place, period: Period) -> list[tuple[Occupancy, Booking | None]]:
    occupancies = list(live_uses(place, period))
    bookings = bookings_of(occupancies)
    return [(occupancy, bookings.get(occupancy.pk)) for occupancy in occupancies]


def bookings_of(occupancies: list[Occupancy]) -> dict[int, Booking]:
    """Occupancy → its booking, for those that are bookings."""
    dates = BookingDate.objects.filter(occupancy__in=[one.pk for one in occupancies])
    return {date.occupancy_id: date.booking for date in dates.select_related("booking")}


def booking_of(occupancy: Occupancy) -> Booking | None:
    return bookings_of([occupancy]).get(occupancy.pk)


def _takes(occupancy: Occupancy, space: Space, units: dict[int, set[int]]) -> bool:
    """Whether the use is of this space, or of one that shares a part with it."""
    if occupancy.space_id == space.pk:
        return True
    return bool(units[space.pk] & units.get(occupancy.space_id, set()))


def _line(
    occupancy: Occupancy, booking: Booking | None, day: date, space: Space, place: Place
) -> Line | None:
    whole, span = day_period(day, place.zone), occupancy.span
    if not whole.overlaps(span):
        return None
    part = Period(max(whole.start, span.start), min(whole.end, span.end))
    shared = occupancy.space_id != space.pk
    pending = booking is not None and booking.state != BookingState.CONFIRMED
    return Line(
        occupancy=occupancy,
        booking=booking,
        part=part,
        hours="Toute la journée"
        if part == whole
        else formats.hours(part.start, part.end, place.zone),
        who=who(occupancy),
        state=state_in_words(occupancy, booking),
        css="pr-cell--pending" if pending else _CSS[OccupancyKind(occupancy.kind)],
        through=occupancy.space if shared else None,
    )


def who(occupancy: Occupancy) -> str:
    """For whom or for what, in a few words."""
    if occupancy.hold_until is not None:
        return "Demande en cours de saisie"
    if occupancy.kind != OccupancyKind.BOOKING:
        return occupancy.label
    holder = occupancy.holder_organization or occupancy.holder_user
    return str(holder) if holder else occupancy.label


def state_in_words(occupancy: Occupancy, booking: Booking | None) -> str:
    if booking is not None:
        return BookingState(booking.state).label
    return OccupancyKind(occupancy.kind).label
