"""The largest tables: what a booking leaves behind once sent and confirmed, or ended.

Not written, for a reason of size and because search, calendars and bookings never read them: frozen
prices, the thread of messages, accords, the audit trail, e-mails.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db.models import Model

from bench.country.days import space_days
from bench.country.demand import Demand
from bench.country.land import Land
from bench.country.people import People
from bench.country.rows import Bits, Choice, Instants, Nullable, Stretch
from preau.availability.enums import OccupancyKind
from preau.availability.models import Occupancy, OccupiedUnit, SpaceDay
from preau.booking.enums import BookingState, DateState, Frequency, Side
from preau.booking.models import Booking, BookingDate, BookingSeries

_PURPOSES = [
    *("Cours de danse", "Répétition de la chorale", "Réunion du bureau", "Anniversaire"),
    *("Assemblée générale", "Yoga", "Entraînement de basket", "Atelier théâtre", "Loto"),
    *("Soutien scolaire", "Mariage", "Conseil de quartier", "Judo", "Conférence", "Jeux"),
]
_STATES = [
    *(BookingState.CONFIRMED, BookingState.CANCELLED, BookingState.REFUSED, BookingState.EXPIRED)
]
_ENDED = [0.6, 0.3, 0.1]
_SIDES = ["", Side.OCCUPANT.value, Side.MANAGER.value, Side.MANAGER.value]
_REASONS = ["", "", "La salle est en travaux.", ""]
_ALPHABET = np.frombuffer(b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ", dtype=np.uint8)
#: An odd factor shuffles the numbers of five bits × 8, each once.
_SHUFFLE = 0x5DEECE66D
_DAY = 96  # quarters
_EPOCH_2000 = 10_957  # days


@dataclass
class Table:
    model: type[Model]
    rows: int
    columns: dict[str, Any]


@dataclass
class Bookings:
    """What is drawn of each booking, shared by the tables."""

    land: Land
    demand: Demand
    user: Any
    organization: Any  # 0: the person books alone
    purpose: Any
    state: Any
    attendance: Any
    created: Any  # quarter-hours since 1970
    ended: Any

    @classmethod
    def draw(cls, land: Land, people: People, demand: Demand, now: int, seed: int) -> Bookings:
        rng = np.random.default_rng([seed, 6])
        n = demand.groups
        user = rng.integers(0, people.users, n)
        alone = (user >= people.associations) | (rng.random(n) < 0.15) | (user < 4)
        start = demand.start[demand.first]
        created = np.minimum(start, now) - rng.integers(1, 60 * _DAY, n)
        ended_at = np.minimum(created + rng.integers(1, 5 * _DAY, n), now)
        state = 1 + rng.choice(3, n, p=_ENDED)
        space = demand.space[demand.first]
        return cls(
            land=land,
            demand=demand,
            user=(user + 1).astype(np.int32),
            organization=np.where(alone, 0, people.first_association + user + 1).astype(np.int32),
            purpose=rng.integers(0, len(_PURPOSES), n).astype(np.int8),
            state=np.where(demand.stands[demand.first], 0, state).astype(np.int8),
            attendance=1 + (rng.random(n) * land.capacity[space]).astype(np.int32),
            created=created.astype(np.int32),
            ended=ended_at.astype(np.int32),
        )

    def place(self, space: Any) -> Any:
        return self.land.space_place[space]

    def departement(self, space: Any) -> Choice:
        land = self.land
        return Choice(land.communes.departements, land.place_commune[self.place(space)])


def occupancies(made: Bookings) -> Table:
    demand, land = made.demand, made.land
    space, group, n = demand.space, demand.group, demand.rows
    organization = made.organization[group]
    before, after = (land.before // 15)[space], (land.after // 15)[space]
    columns = {
        "id": np.arange(1, n + 1),
        "space_id": space + 1,
        "root_id": land.space_root[space] + 1,
        "place_id": made.place(space) + 1,
        "departement_code": made.departement(space),
        "kind": OccupancyKind.BOOKING.value,
        "period": Stretch(demand.start, demand.end),
        "busy": Stretch(demand.start - before, demand.end + after),
        "label": Choice(_PURPOSES, made.purpose[group]),
        "holder_user_id": made.user[group],
        "holder_organization_id": Nullable(organization, organization > 0),
        "created_at": Instants(made.created[group]),
        "released_at": Nullable(Instants(made.ended[group]), ~demand.stands),
    }
    return Table(Occupancy, n, columns)


def occupied_units(made: Bookings) -> Table:
    """In the order of units and time, as the exclusion constraint's index is."""
    demand, land = made.demand, made.land
    rows = np.flatnonzero(demand.stands)
    space = demand.space[rows]
    whole = land.is_hall[space] & (land.part[space] == 0)
    count = np.where(whole, 3, 1)
    row = np.repeat(rows, count)
    nth = np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)
    space = demand.space[row]
    own = np.where(land.part[space] > 0, land.part[space] - 1, demand.lane[row])
    unit = land.first_unit[space] + own + nth
    order = np.argsort(unit, kind="stable")
    row, unit, space = row[order], unit[order], space[order]
    before, after = (land.before // 15)[space], (land.after // 15)[space]
    columns = {
        "id": np.arange(1, len(row) + 1),
        "occupancy_id": row + 1,
        "unit_id": unit + 1,
        "root_id": land.space_root[space] + 1,
        "departement_code": made.departement(space),
        "busy": Stretch(demand.start[row] - before, demand.end[row] + after),
    }
    return Table(OccupiedUnit, len(row), columns)


def bookings(made: Bookings) -> Table:
    demand, n = made.demand, made.demand.groups
    space = demand.space[demand.first]
    is_over = made.state > 0
    columns = {
        "id": np.arange(1, n + 1),
        "reference": _references(n),
        "occupancy_id": demand.first + 1,
        "starts_at": Instants(demand.start[demand.first]),
        "ends_at": Instants(demand.end[demand.last]),
        "space_id": space + 1,
        "place_id": made.place(space) + 1,
        "departement_code": made.departement(space),
        "state": Choice([state.value for state in _STATES], made.state),
        "requester_id": made.user,
        "organization_id": Nullable(made.organization, made.organization > 0),
        "purpose": Choice(_PURPOSES, made.purpose),
        "attendance": made.attendance,
        "created_at": Instants(made.created),
        "requested_at": Instants(made.created),
        "decided_at": Instants(made.ended),
        "complete_by": Nullable(Instants(made.ended + 14 * _DAY), ~is_over),
        "reason": Choice(_REASONS, made.state),
        "ended_at": Nullable(Instants(made.ended), is_over),
        "ended_by_side": Choice(_SIDES, made.state),
    }
    return Table(Booking, n, columns)


def dates(made: Bookings) -> Table:
    n = made.demand.rows
    columns = {
        "id": np.arange(1, n + 1),
        "booking_id": made.demand.group + 1,
        "occupancy_id": np.arange(1, n + 1),
        "state": DateState.PLANNED.value,
    }
    return Table(BookingDate, n, columns)


def series(made: Bookings) -> Table:
    demand = made.demand
    which = np.flatnonzero(demand.is_series[demand.first])
    first, last = demand.first[which], demand.last[which]
    columns = {
        "id": np.arange(1, len(which) + 1),
        "booking_id": which + 1,
        "frequency": Frequency.WEEKLY.value,
        "first_day": demand.day[first] - _EPOCH_2000,
        "last_day": demand.day[last] - _EPOCH_2000,
        "start_minute": demand.wall[first] * 15,
        "minutes": (demand.end[first] - demand.start[first]) * 15,
    }
    return Table(BookingSeries, len(which), columns)


def taken_days(made: Bookings) -> Table:
    found = space_days(made.land, made.demand)
    columns = {
        "day": found.day - _EPOCH_2000,
        "tile": made.land.tile[made.place(found.space)],
        "space_id": found.space + 1,
        "departement_code": made.departement(found.space),
        "lane": found.lane,
        "bits": Bits(found.octets),
    }
    return Table(SpaceDay, len(found.day), columns)


def _references(n: int) -> Any:
    """Eight characters each, never twice the same: « K7PM-22QX »."""
    number = np.arange(1, n + 1, dtype=np.uint64) * np.uint64(_SHUFFLE) % np.uint64(1 << 40)
    shifts = np.arange(35, -1, -5, dtype=np.uint64)
    letters = _ALPHABET[(number[:, None] >> shifts) & np.uint64(31)]
    found = np.full((n, 9), ord("-"), dtype=np.uint8)
    found[:, :4], found[:, 5:] = letters[:, :4], letters[:, 4:]
    return found.reshape(-1).view("S9")
