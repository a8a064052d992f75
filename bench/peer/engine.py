"""libres in a database of its own, on the server of the country."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from uuid import UUID, uuid4

import psycopg
from libres.context.registry import create_default_registry
from libres.db.models import Allocation, Reservation, ReservedSlot
from libres.db.scheduler import Scheduler
from libres.modules.rasterizer import Raster
from sqlalchemy import select
from sqlalchemy.orm import Session

from bench.figures import progress
from bench.peer.sample import Room
from preau.core import clock
from preau.core.timeranges import QUARTER, Period

RASTER: Raster = 15
EMAIL = "camille.martin@exemple.fr"
_STAMPS = {"created", "modified"}
_TICK = timedelta(microseconds=1)
#: What `allocate`, `reserve` and `approve_reservations` write, in the order of `_rows`.
_COLUMNS = {
    "allocations": (
        'id, resource, type, mirror_of, "group", quota, quota_limit, partly_available, '
        "approve_manually, timezone, _start, _end, _raster, created"
    ),
    "reservations": (
        'id, token, target, target_type, type, resource, start, "end", timezone, status, email, '
        "quota, created, modified"
    ),
    "reserved_slots": (
        'resource, start, "end", allocation_id, source_type, reservation_token, source_id, created'
    ),
}


class Engine:
    """A context of libres and one scheduler a room, as its users keep them."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.context = create_default_registry().register_context("bench")
        self.context.set_setting("dsn", url.replace("postgresql:", "postgresql+psycopg:", 1))
        self.schedulers: dict[int, Scheduler] = {}
        self._ids = dict.fromkeys(_COLUMNS, 0)

    @classmethod
    @contextmanager
    def created(cls, server: str, database: str) -> Iterator[Engine]:
        """In a new database, dropped at the end."""
        parts = urlsplit(server)
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")
            connection.execute(f"CREATE DATABASE {database} TEMPLATE template0 ENCODING 'UTF8'")
        engine = cls(urlunsplit(parts._replace(path=f"/{database}")))
        try:
            engine.scheduler("setup", "Europe/Paris").setup_database()
            yield engine
        finally:
            engine.context.get_service("session_provider").stop_service()
            with psycopg.connect(server, autocommit=True) as connection:
                connection.execute(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")

    @property
    def session(self) -> Session:
        """The session of this thread; libres makes it SERIALIZABLE."""
        session: Session = self.context.get_service("session_provider").session
        return session

    def scheduler(self, name: str, zone: str) -> Scheduler:
        return Scheduler(self.context, name, zone)

    def of(self, room: Room) -> Scheduler:
        return self.schedulers[room.space.pk]

    def fill(self, rooms: Sequence[Room]) -> None:
        """The rows that the API would write (`check_rows` compares), many at once.

        The API looks, before each, at those that exist: tens of milliseconds a booking, a quarter
        of an hour for the bookings of a sample.
        """
        for done, room in enumerate(rooms):
            zone = room.space.place.time_zone
            self.schedulers[room.space.pk] = self.scheduler(f"room-{room.space.pk}", zone)
            progress("peer: rooms in libres", done + 1, len(rooms))
        with psycopg.connect(self.url) as connection:
            tables: dict[str, list[tuple[Any, ...]]] = {name: [] for name in _COLUMNS}
            for done, room in enumerate(rooms):
                self._rows(room, self.of(room).resource, tables)
                if done % 50 == 49 or done + 1 == len(rooms):
                    _copy(connection, tables)
            for table in ("allocations", "reservations"):
                connection.execute(
                    f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), %s)",
                    [self._ids[table] + 1],
                )
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE")

    def _rows(self, room: Room, resource: UUID, tables: dict[str, list[tuple[Any, ...]]]) -> None:
        zone, now = room.space.place.time_zone, _naive(clock.now())
        bookings = list(room.bookings)
        for opening in room.openings:
            allocation, group = self._next("allocations"), uuid4()
            own = (allocation, resource, "generic", resource, group, 1, 0, True, False, zone)
            tables["allocations"].append((*own, *_stored(opening), RASTER, now))
            while bookings and opening.contains(bookings[0]):
                start, end = _stored(bookings.pop(0))
                reservation, token = self._next("reservations"), uuid4()
                target = (reservation, token, group, "allocation", "generic", resource)
                rest = (start, end, zone, "approved", EMAIL, 1, now, now)
                tables["reservations"].append((*target, *rest))
                while start < end:
                    slot = (resource, start, start + QUARTER - _TICK, allocation, "reservation")
                    tables["reserved_slots"].append((*slot, token, reservation, now))
                    start += QUARTER
        if bookings:
            raise AssertionError(f"{room.space}: a booking is outside of the hours.")

    def _next(self, table: str) -> int:
        self._ids[table] += 1
        return self._ids[table]

    def check_rows(self, rooms: Sequence[Room], count: int = 3, openings: int = 60) -> None:
        """Make a few rooms anew through the API, and see that the rows are the same."""
        for room in rooms[:count]:
            short = room.openings[:openings]
            booked = [one for one in room.bookings if one.end <= short[-1].end]
            again = self.scheduler(f"check-{room.space.pk}", room.space.place.time_zone)
            again.allocate([_pair(one) for one in short], partly_available=True, raster=RASTER)
            for one in booked:
                again.approve_reservations(again.reserve(EMAIL, _pair(one)))
            own = self.of(room)
            if self._seen(own, short[-1].end) != self._seen(again, short[-1].end):
                raise AssertionError(f"{room.space}: not the rows that libres writes.")
            self.session.rollback()

    def _seen(self, scheduler: Scheduler, until: datetime) -> list[list[tuple[Any, ...]]]:
        """What is stored of a room, without the numbers that are drawn."""
        self.session.flush()
        found = []
        for model, drawn in (
            (Allocation, {"id", "resource", "mirror_of", "group"}),
            (Reservation, {"id", "token", "target", "resource"}),
            (ReservedSlot, {"resource", "allocation_id", "reservation_token", "source_id"}),
        ):
            table: Any = model.__table__
            start = table.c["_start" if model is Allocation else "start"]
            columns = [one for one in table.c if one.name not in drawn | _STAMPS]
            query = select(*columns).where(table.c.resource == scheduler.resource, start < until)
            found.append([tuple(row) for row in self.session.execute(query.order_by(start))])
        return found


def _copy(
    connection: psycopg.Connection[tuple[Any, ...]], tables: dict[str, list[tuple[Any, ...]]]
) -> None:
    for table, rows in tables.items():
        with connection.cursor() as cursor:
            statement = f"COPY {table} ({_COLUMNS[table]}) FROM STDIN"
            with cursor.copy(statement.encode()) as copy:
                for row in rows:
                    copy.write_row(row)
        rows.clear()


def _naive(instant: datetime) -> datetime:
    """libres stores UTC without saying so."""
    return instant.astimezone(UTC).replace(tzinfo=None)


def _stored(period: Period) -> tuple[datetime, datetime]:
    """Its last instant rather than its end."""
    return _naive(period.start), _naive(period.end - _TICK)


def _pair(period: Period) -> tuple[datetime, datetime]:
    return period.start, period.end
