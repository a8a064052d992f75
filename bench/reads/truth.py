"""The truth as the tables of spaces, rules and occupied units say it: no search index here.

Shares no code with the engine. A minute is open or free by the brute force that the tests of the
engine use (`tests/availability/oracle.py`); each verdict is kept, since a page asks many times.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from math import asin, cos, radians, sin, sqrt
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection

from preau.territories.calendars import public_holidays
from tests.availability import oracle

EARTH_KM = 6371.0088
ALREADY = 200


@dataclass(frozen=True)
class Room:
    """A space that may be found, as its own tables describe it."""

    pk: int
    root: int
    latitude: float
    longitude: float
    zone: ZoneInfo
    departement: str
    school_zone: str
    owner: int
    calendar: int
    capacity: int
    kind: str
    place_kind: str
    accessible: bool
    is_pool: bool
    before: int
    after: int
    lead: int
    horizon: int
    shortest: int
    longest: int
    step: int
    units: tuple[int, ...]
    equipment: frozenset[int]

    def km(self, latitude: float, longitude: float) -> float:
        """As the crow flies, by the haversine formula."""
        p, q = radians(latitude), radians(self.latitude)
        up, across = sin((q - p) / 2), sin(radians(self.longitude - longitude) / 2)
        return 2 * EARTH_KM * asin(min(1.0, sqrt(up * up + cos(p) * cos(q) * across * across)))

    @property
    def lanes(self) -> int:
        return len(self.units) if self.is_pool else 1

    def stations(self, people: int, quantity: int) -> int:
        """How many of its stations so many people take."""
        return max(quantity, -(-people * self.lanes // self.capacity))


_ROOMS = """
SELECT s.id, coalesce(s.root_id, s.id), p.latitude, p.longitude, p.time_zone, p.departement_code,
  m.school_zone, p.owner_id, c.calendar_id, s.capacity, s.kind, p.kind,
  s.is_accessible AND p.is_accessible, s.is_pool, s.buffer_before,
  s.buffer_after, s.lead_minutes, s.horizon_days, s.min_minutes, s.max_minutes, s.step_minutes,
  array(SELECT u.unit_id FROM places_spaceunit AS u WHERE u.space_id = s.id ORDER BY 1),
  array(SELECT e.kind FROM places_spaceequipment AS e WHERE e.space_id = s.id)
FROM places_space AS s
JOIN places_place AS p ON p.id = s.place_id
JOIN territories_commune AS m ON m.code = p.commune_id
JOIN availability_spacecalendar AS c ON c.space_id = s.id
WHERE s.publication = 'publie' AND p.publication = 'publie'
"""


def rooms_near(latitude: float, longitude: float, km: float) -> list[tuple[float, Room]]:
    """(km, room) of all published ones within so many kilometres, nearest first."""
    tall = km / 111 + 0.01
    wide = tall / cos(radians(min(abs(latitude) + tall, 89)))
    box = f"{_ROOMS} AND p.latitude BETWEEN %s AND %s AND p.longitude BETWEEN %s AND %s"
    sides = [latitude - tall, latitude + tall, longitude - wide, longitude + wide]
    rooms = _rooms(box, sides)
    found = [(room.km(latitude, longitude), room) for room in rooms]
    return sorted((one for one in found if one[0] <= km), key=lambda one: (one[0], one[1].pk))


def rooms_by(column: str, numbers: Iterable[int]) -> list[Room]:
    """Rooms by their own number (`s.id`) or their hall's (`s.root_id`)."""
    return _rooms(f"{_ROOMS} AND {column} = ANY(%s::bigint[]) ORDER BY s.id", [list(numbers)])


def _rooms(sql: str, values: list[Any]) -> list[Room]:
    found = []
    for row in rows_of(sql, values):
        fields = list(row)
        fields[4], fields[-2], fields[-1] = ZoneInfo(row[4]), tuple(row[-2]), frozenset(row[-1])
        found.append(Room(*fields))
    return found


def rows_of(sql: str, values: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


class Truth:
    """Open and free, minute by minute, from the day that is asked about."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self._worlds: dict[int, oracle.World] = {}
        self._open: dict[int, dict[datetime, bool]] = defaultdict(dict)
        self._taken: dict[int, list[oracle.Taken]] = {}
        self._holidays: dict[tuple[str, int], list[tuple[date, date]]] = {}

    def is_open(self, room: Room, start: datetime, end: datetime) -> bool:
        """Whether every minute is."""
        world, known = self._world(room.calendar), self._open[room.calendar]
        instant = start.astimezone(UTC)
        while instant < end:
            if instant not in known:
                known[instant] = oracle.minute_is_open(world, instant)
            if not known[instant]:
                return False
            instant += oracle.MINUTE
        return True

    def free_units(self, room: Room, start: datetime, end: datetime) -> int:
        """How many of its units nobody has, its own preparation and clean-up included."""
        near = timedelta(minutes=room.before + 1), timedelta(minutes=room.after + 1)
        taken = [
            one
            for unit in room.units
            for one in self._taken[unit]
            if one.start < end + near[1] and one.end > start - near[0]
        ]
        return len(oracle.free_units(taken, room.units, start, end, room.before, room.after))

    def may_be_booked(self, room: Room, start: datetime, end: datetime, need: int) -> bool:
        """The rules of the space, its hours, and nobody there."""
        wall, today = start.astimezone(room.zone), self.now.astimezone(room.zone).date()
        wanted = need if room.is_pool else len(room.units)
        return (
            room.shortest <= (end - start) // oracle.MINUTE <= room.longest
            and start >= self.now + room.lead * oracle.MINUTE
            and (wall.date() - today).days <= room.horizon
            and (wall.hour * 60 + wall.minute) % room.step == 0
            and self.is_open(room, start, end)
            and self.free_units(room, start, end) >= wanted
        )

    def read(self, rooms: Sequence[Room], start: datetime, end: datetime) -> None:
        """Keep who has the units of these rooms between two instants."""
        units = sorted({unit for room in rooms for unit in room.units})
        self._taken = {unit: [] for unit in units}
        day = timedelta(days=1)
        for unit, first, last in rows_of(
            "SELECT unit_id, lower(busy), upper(busy) FROM availability_occupiedunit"
            " WHERE unit_id = ANY(%s::bigint[]) AND busy && tstzrange(%s, %s)",
            [units, start - day, end + day],
        ):
            self._taken[unit].append(oracle.Taken(frozenset([unit]), first, last, 0, 0))

    def in_reading(
        self, found: Sequence[tuple[float, Room]], start: datetime, end: datetime
    ) -> Iterator[tuple[float, Room]]:
        """The rooms in order, read some at a time."""
        for first in range(0, len(found), ALREADY):
            some = found[first : first + ALREADY]
            self.read([room for _, room in some], start, end)
            yield from some

    def is_off(self, room: Room, day: date) -> bool:
        """A school holiday where the room is, of its owner's own, or a public holiday."""
        spans = self._school_holidays(room.school_zone, room.owner)
        school = any(first <= day <= last for first, last in spans)
        return school or day in public_holidays(room.departement, day.year)

    def _world(self, calendar: int) -> oracle.World:
        if calendar not in self._worlds:
            self._worlds[calendar] = self._read_world(calendar)
        return self._worlds[calendar]

    def _read_world(self, calendar: int) -> oracle.World:
        zone, school, departement, owner = rows_of(
            "SELECT p.time_zone, m.school_zone, p.departement_code, p.owner_id"
            " FROM availability_openingcalendar AS c JOIN places_place AS p ON p.id = c.place_id"
            " JOIN territories_commune AS m ON m.code = p.commune_id WHERE c.id = %s",
            [calendar],
        )[0]
        rules = "weekdays, start_minute, end_minute, effect, valid_from, valid_until"
        exceptions = "effect, first_day, last_day, start_minute, end_minute"
        year = self.now.year
        return oracle.World(
            zone=ZoneInfo(zone),
            rules=_objects("rule", f'{rules}, not_on_public_holidays, "when"', calendar),
            exceptions=_objects("exception", exceptions, calendar),
            school_holidays=self._school_holidays(school, owner),
            public_holidays={
                day for n in range(-1, 4) for day in public_holidays(departement, year + n)
            },
        )

    def _school_holidays(self, zone: str, owner: int) -> list[tuple[date, date]]:
        if (zone, owner) not in self._holidays:
            rows = rows_of(
                "SELECT first_day, last_day FROM territories_schoolholiday WHERE zone = %s"
                " UNION SELECT first_day, last_day FROM availability_localschoolholiday"
                " WHERE organization_id = %s",
                [zone, owner],
            )
            self._holidays[zone, owner] = [(first, last) for first, last in rows]
        return self._holidays[zone, owner]


def _objects(kind: str, columns: str, calendar: int) -> list[Any]:
    names = [name.strip(' "') for name in columns.split(",")]
    order = "position, id" if kind == "rule" else "id"
    rows = rows_of(
        f"SELECT {columns} FROM availability_opening{kind}"  # noqa: S608  from constants only
        f" WHERE calendar_id = %s ORDER BY {order}",
        [calendar],
    )
    return [SimpleNamespace(**dict(zip(names, row, strict=True))) for row in rows]
