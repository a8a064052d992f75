"""The guarantee of the product, under fire: never two people in one hall."""

import random
import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction

from preau.accounts.actors import SYSTEM, Actor
from preau.availability.actions import occupancies as engine
from preau.availability.actions.occupancies import Use, move, occupy, release
from preau.availability.care import checking
from preau.availability.enums import OccupancyKind
from preau.availability.models import OccupiedUnit
from preau.availability.queries.space import timeline
from preau.booking.actions.holds import hold
from preau.booking.enums import BookingState
from preau.booking.models import Booking
from preau.core import clock
from preau.core.errors import Refusal
from preau.core.timeranges import Period, local_instant
from preau.places.actions import edit_place
from preau.places.models import Place, Space
from tests.accounts.factories import UserFactory
from tests.availability.factories import open_space
from tests.concurrency.race import race
from tests.places.factories import PlaceFactory, SpaceFactory, hall_in_thirds, pool

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]
USE = Use(OccupancyKind.OWN_USE, "essai")
CLIENTS = 50
ROUNDS = 40


def slot(space, number, minutes=60):
    day = clock.today(space.place.zone) + timedelta(days=10 + number)
    start = local_instant(day, 18 * 60, space.place.zone)
    return Period(start, start + timedelta(minutes=minutes))


def overlaps():
    """Pairs of live rows that share a unit and a time: the fault that must never be."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM availability_occupiedunit a JOIN availability_occupiedunit b"
            " ON a.unit_id = b.unit_id AND a.id < b.id AND a.busy && b.busy"
        )
        return cursor.fetchone()[0]


def only_refusals(outcome):
    strange = [e for e in outcome.errors if not isinstance(e, Refusal)]
    assert not strange, strange[:3]


def test_fifty_connections_on_one_slot_make_one_booking(record_property):
    space = SpaceFactory()
    open_space(space)

    def book(number):
        return hold(space, slot(space, number), actor=Actor(), visitor_key=f"v{random.random()}")

    outcomes = race([book] * CLIENTS, rounds=ROUNDS)
    seconds = sorted(s for outcome in outcomes for s in outcome.seconds)
    record_property("p99_ms", round(1000 * seconds[int(len(seconds) * 0.99)]))
    for number, outcome in enumerate(outcomes):
        only_refusals(outcome)
        assert len([r for r in outcome.results if r]) == 1, number
    assert Booking.objects.filter(state=BookingState.HELD).count() == ROUNDS
    assert overlaps() == 0


def test_fifty_bare_writers_rely_on_the_constraint_alone():
    """The write path itself checks nothing beforehand: the constraint decides."""
    space = SpaceFactory()
    outcomes = race(
        [lambda number: occupy(space, slot(space, number), USE, actor=SYSTEM)] * CLIENTS, rounds=5
    )
    for outcome in outcomes:
        only_refusals(outcome)
        assert len([r for r in outcome.results if r]) == 1


def mixed(hall, rounds, writers=16):
    """Parts and wholes, taken, moved and freed at random by many at once."""
    spaces = [hall, *hall.parts.select_related("place").order_by("pk")]

    def worker(seed):
        rng = random.Random(seed)
        mine = []

        def act(number):
            space = rng.choice(spaces)
            start = slot(space, rng.randrange(2)).start + rng.randrange(8) * timedelta(minutes=30)
            period = Period(start, start + rng.randint(1, 4) * timedelta(minutes=30))
            chance = rng.random()
            if mine and chance < 0.25:
                release(mine.pop(rng.randrange(len(mine))), actor=SYSTEM)
            elif mine and chance < 0.4:
                move(rng.choice(mine), period, actor=SYSTEM)
            else:
                mine.append(occupy(space, period, USE, actor=SYSTEM))

        return act

    return race([worker(seed) for seed in range(writers)], rounds=rounds)


def test_parts_and_wholes_never_collide_and_never_deadlock():
    hall = hall_in_thirds(PlaceFactory(), buffer_before=15, buffer_after=15)
    Space.objects.filter(root=hall).update(buffer_before=15, buffer_after=15)
    hall = Space.objects.select_related("place").get(pk=hall.pk)
    for outcome in mixed(hall, rounds=25):
        only_refusals(outcome)  # a deadlock is an OperationalError: it would show here
    assert overlaps() == 0
    assert OccupiedUnit.objects.exists()
    assert index_matches_truth([hall, *hall.parts.select_related("place")])


def test_a_place_that_moves_while_it_is_booked_keeps_its_index_true():
    space = SpaceFactory()
    open_space(space)

    def move_place():
        place = Place.objects.select_related("commune").get(pk=space.place_id)
        edit_place(actor=SYSTEM, place=place, position=(46.5, 5.7))
        connection.close()

    mover = threading.Thread(target=move_place)
    with transaction.atomic():
        occupy(space, slot(space, 0), USE, actor=SYSTEM)
        mover.start()
        while mover.is_alive() and not somebody_waits():
            mover.join(0.01)
    mover.join(60)
    assert index_matches_truth(Space.objects.select_related("place").filter(pk=space.pk))


def somebody_waits():
    """For this very transaction to end."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks"
            " WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid)))"
        )
        return cursor.fetchone()[0]


def index_matches_truth(spaces):
    """What search believes equals what recomputing from the truth gives."""
    return checking.check(spaces=[space.pk for space in spaces], repair=False).told == []


def test_a_pool_never_gives_one_desk_to_two_people():
    desks = pool(PlaceFactory(), 12)
    outcomes = race(
        [lambda number: occupy(desks, slot(desks, number), USE, actor=SYSTEM)] * 30, rounds=4
    )
    for outcome in outcomes:
        only_refusals(outcome)
        assert len([r for r in outcome.results if r]) == 12
    assert overlaps() == 0
    day = slot(desks, 0).start.astimezone(desks.place.zone).date()
    assert timeline(desks, day, day).free_lanes(slot(desks, 0)) == 0


def test_a_visitor_with_two_tabs_holds_two_slots_at_most():
    spaces = [SpaceFactory() for _ in range(4)]
    for space in spaces:
        open_space(space)
    user = Actor(user=UserFactory())

    def tab(space):
        return lambda number: hold(space, slot(space, number), actor=user, visitor_key="same")

    [outcome] = race([tab(space) for space in spaces])
    only_refusals(outcome)
    assert Booking.objects.filter(state=BookingState.HELD).count() == 2


@pytest.fixture
def without_the_constraint():
    name = "one_occupancy_per_unit_at_a_time"
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE availability_occupiedunit DROP CONSTRAINT {name}")
    yield
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE availability_occupiedunit")
        cursor.execute(
            f"ALTER TABLE availability_occupiedunit ADD CONSTRAINT {name}"
            " EXCLUDE USING gist (unit_id WITH =, busy WITH &&)"
        )


def test_without_the_constraint_the_race_is_lost(without_the_constraint):
    """Negative control: these tests do fail when the guarantee is taken away."""
    space = SpaceFactory()
    race([lambda number: occupy(space, slot(space, number), USE, actor=SYSTEM)] * 8)
    assert overlaps() > 0


def test_without_the_queue_neighbours_deadlock_or_stall(monkeypatch, without_the_constraint):
    """Negative control: without the lock on the root, the pre-check alone lets two people in."""
    monkeypatch.setattr(engine, "lock_root", lambda space: space)
    monkeypatch.setattr("preau.booking.actions.holds.queue_for", lambda roots: None)
    space = SpaceFactory()
    open_space(space)

    def book(number):
        return hold(space, slot(space, number), actor=Actor(), visitor_key=f"v{random.random()}")

    race([book] * 16, rounds=5)
    assert overlaps() > 0
