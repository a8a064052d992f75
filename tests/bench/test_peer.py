"""The comparison with libres: the same rows as its API writes, and the same answers."""

import os
import random
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from bench.country import Country
from bench.figures import FIGURES
from bench.peer import reads, writes
from bench.peer.engine import Engine
from bench.peer.sample import Sample, rooms_of
from preau.accounts.actors import SYSTEM
from preau.availability.actions.occupancies import Use, occupy
from preau.availability.enums import OccupancyKind
from preau.availability.opening import RuleData
from preau.core import clock
from preau.core.timeranges import Period, local_instant
from tests.availability.factories import EVERY_DAY, open_space
from tests.places.factories import SpaceFactory

#: Mornings; then until two hours past midnight.
HOURS = [
    RuleData(weekdays=EVERY_DAY, start_minute=8 * 60, end_minute=12 * 60),
    RuleData(weekdays=EVERY_DAY, start_minute=14 * 60, end_minute=26 * 60),
]


@pytest.fixture
def country():
    today = clock.today(ZoneInfo("Europe/Paris"))
    return Country(
        spaces=2,
        bookings_per_space=1,
        seed=4,
        url=os.environ["DATABASE_URL"],
        today=today,
        draw=random.Random(4),
    )


@pytest.fixture
def rooms(country):
    made = [SpaceFactory(capacity=40), SpaceFactory(capacity=60)]
    for space in made:
        open_space(space, HOURS)
        zone = space.place.zone
        for days in range(3, 40, 2):
            start = local_instant(country.today + timedelta(days=days), 17 * 60, zone)
            period = Period(start, start + timedelta(hours=days % 6 + 1))
            use = Use(kind=OccupancyKind.BOOKING, label="Chorale")
            occupy(space, period, use, actor=SYSTEM)
        # A closure wider than the hours: only what is open can be reserved in libres.
        start = local_instant(country.today + timedelta(days=50), 0, zone)
        period = Period(start, start + timedelta(days=1))
        occupy(space, period, Use(kind=OccupancyKind.CLOSURE, label="Travaux"), actor=SYSTEM)
    return rooms_of([space.pk for space in made], country.today)


@pytest.fixture
def engine(country, rooms):
    worker = os.environ.get("PYTEST_XDIST_WORKER", "alone")
    with Engine.created(country.url, f"libres_peer_test_{worker}") as made:
        made.fill(rooms)
        yield made


@pytest.fixture
def few(monkeypatch):
    for module, names in ((reads, ("ROOMS", "WEEKS", "SEARCHES")), (writes, ("ALONE", "WHOLE"))):
        for name in names:
            monkeypatch.setattr(module, name, 10)


@pytest.mark.django_db
def test_libres_holds_the_same_rooms_and_gives_the_same_answers(country, rooms, engine, few):
    engine.check_rows(rooms)
    points = [(room.space.place.latitude, room.space.place.longitude) for room in rooms]
    sample = Sample(rooms, points, 1.0, country.today)
    FIGURES.clear()
    for measure in (reads.one_room, reads.week, reads.window, writes.alone, writes.whole):
        measure(country, sample, engine)
    said = {one["name"]: one["value"] for one in FIGURES}
    for name in ("one_room", "week", "window", "window_all", "window_bulk"):
        assert said[f"peer.{name}.mismatches"] == 0
        assert said[f"peer.{name}.some_free"] > 0
        assert said[f"peer.{name}.ratio"] > 0
    assert said["peer.write.refused"] == 0
    assert said["peer.whole_booking.count"] == 10
