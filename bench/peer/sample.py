"""Which rooms are compared: around a town and around a village, those that libres can express."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection

from bench.country import Country
from preau.availability import bits as quarters
from preau.availability.facts import opening_of
from preau.availability.models import OccupiedUnit, OpeningCalendar, SpaceCalendar
from preau.core.timeranges import QUARTER, Period, local_instant
from preau.places.models import Space
from preau.territories.distances import km_between

#: Around each of the two centres: questions are asked within the inner disc, so that the rooms
#: they may find (`ASKED_KM` around) are all in the outer one.
RADIUS_KM, INNER_KM, ASKED_KM = 25.0, 10.0, 15.0
#: The most rooms around one centre.
MOST = 1500
#: How far ahead hours and bookings are copied.
DAYS = 365
_DAY = timedelta(days=1)

_EXPRESSIBLE = """
SELECT i.space_id, i.latitude, i.longitude FROM availability_spaceindex AS i
JOIN places_space AS s ON s.id = i.space_id
WHERE s.root_id IS NULL AND NOT s.is_pool AND s.buffer_before = 0 AND s.buffer_after = 0
  AND NOT EXISTS (SELECT FROM places_space AS part WHERE part.root_id = s.id)
ORDER BY i.space_id
"""


@dataclass(frozen=True)
class Room:
    """One room, when it may be reserved, and when it is."""

    space: Space
    openings: tuple[Period, ...]
    bookings: tuple[Period, ...]


@dataclass(frozen=True)
class Sample:
    """The rooms, and the points that questions are asked from."""

    rooms: list[Room]
    points: list[tuple[float, float]]
    expressible: float  # the share of the country's rooms that libres can express
    first: date

    @property
    def last(self) -> date:
        return self.first + timedelta(days=DAYS)


def choose(country: Country) -> Sample:
    """The rooms around the busiest point that is not too busy, and around a quiet one."""
    with connection.cursor() as cursor:
        cursor.execute(_EXPRESSIBLE)
        rows: list[tuple[int, float, float]] = cursor.fetchall()
        cursor.execute("SELECT count(*) FROM availability_spaceindex")
        (total,) = cursor.fetchone()
    centres = [row[1:] for row in country.draw.sample(rows, min(40, len(rows)))]
    sizes = sorted((_in_box(rows, centre), centre) for centre in centres)
    town = max((one for one in sizes if one[0] <= MOST), default=sizes[0])[1]
    village = sizes[len(sizes) // 5][1]
    near = [row for row in rows if min(_km(row, town), _km(row, village)) <= RADIUS_KM]
    points = [row[1:] for row in near if min(_km(row, town), _km(row, village)) <= INNER_KM]
    ids = [row[0] for row in near]
    return Sample(rooms_of(ids, country.today), points, len(rows) / total, country.today)


def _km(row: tuple[int, float, float], centre: tuple[float, float]) -> float:
    return km_between(row[1], row[2], *centre)


def _in_box(rows: list[tuple[int, float, float]], centre: tuple[float, float]) -> int:
    """About how many are around: a first look, cheap enough for a whole country."""
    return sum(abs(row[1] - centre[0]) < 0.225 and abs(row[2] - centre[1]) < 0.32 for row in rows)


def rooms_of(ids: list[int], first: date) -> list[Room]:
    """These spaces, their hours and what takes their time, from that day on."""
    spaces = Space.objects.filter(pk__in=ids).select_related("place").order_by("pk")
    followed = dict(SpaceCalendar.objects.filter(space__in=ids).values_list("space", "calendar"))
    calendars = OpeningCalendar.objects.filter(pk__in=set(followed.values()))
    hours = {
        calendar.pk: _hours(calendar, first)
        for calendar in calendars.select_related("place__commune")
    }
    taken = _taken(ids)
    return [
        Room(space, own, tuple(_clipped(taken[space.pk], own)))
        for space in spaces
        if (own := hours.get(followed[space.pk], ()))
    ]


def _hours(calendar: OpeningCalendar, first: date) -> tuple[Period, ...]:
    """From the rules themselves, not from what search reads."""
    found: list[Period] = []
    opening = opening_of(calendar, first, first + timedelta(days=DAYS))
    for number in range(DAYS):
        day = first + timedelta(days=number)
        origin = local_instant(day, 0, calendar.place.zone)
        for start, end in _runs(opening.bits(day)):
            _add(found, Period(origin + start * QUARTER, origin + end * QUARTER))
    return tuple(found)


def _runs(bits: int) -> list[tuple[int, int]]:
    """First and end of each run of set bits."""
    found: list[tuple[int, int]] = []
    for place in quarters.set_bits(bits):
        if found and found[-1][1] == place:
            found[-1] = (found[-1][0], place + 1)
        else:
            found.append((place, place + 1))
    return found


def _add(periods: list[Period], period: Period) -> None:
    """What is open past midnight goes on, unless that makes more than a day."""
    if periods and periods[-1].end == period.start and period.end - periods[-1].start < _DAY:
        period = Period(periods.pop().start, period.end)
    periods.append(period)


def _taken(ids: list[int]) -> dict[int, list[Period]]:
    """Room → when it is taken; each is its own hall, of one unit."""
    found: dict[int, list[Period]] = defaultdict(list)
    rows = OccupiedUnit.objects.filter(root_id__in=ids).values_list("root_id", "busy")
    for space, busy in rows:
        found[space].append(Period(busy.lower, busy.upper))
    return found


def _clipped(taken: list[Period], openings: tuple[Period, ...]) -> list[Period]:
    """The part of each that is within the hours: nothing can be reserved outside of them."""
    starts = [opening.start for opening in openings]
    found = []
    for one in sorted(taken):
        for opening in openings[max(0, bisect_right(starts, one.start) - 1) :]:
            if opening.start >= one.end:
                break
            if opening.overlaps(one):
                found.append(Period(max(one.start, opening.start), min(one.end, opening.end)))
    return found
