"""Summaries say what the bookings say, write only what changed, and follow what is withdrawn."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from preau.availability.actions.occupancies import release
from preau.availability.enums import OccupancyKind
from preau.availability.opening import RuleData
from preau.capacity import summaries, tasks
from preau.capacity.grids import Measure
from preau.capacity.models import CapacityArea, CapacityMonth, CapacityRun
from preau.capacity.queries.figures import from_summaries, live
from preau.capacity.queries.scopes import of_area, of_owner
from preau.core import clock
from preau.places.enums import Publication
from preau.places.models import Space
from preau.territories.areas import area
from tests.availability.factories import open_space
from tests.capacity.factories import born, use
from tests.places.factories import PlaceFactory, SpaceFactory, hall_in_thirds, pool
from tests.territories.factories import CommuneFactory

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
FIRST, LAST = date(2026, 12, 1), date(2027, 2, 28)
EVENINGS = [RuleData(weekdays=(0, 1, 2, 3, 4), start_minute=18 * 60, end_minute=22 * 60)]


@pytest.fixture(autouse=True)
def _now():
    with clock.frozen(NOON):
        yield


@pytest.fixture
def places():
    one = PlaceFactory()
    hall = hall_in_thirds(one, surface=300)
    desks = pool(one, 4, surface=80)
    other = PlaceFactory(commune=CommuneFactory(code="38382", name="Saint-Égrève"))
    room = SpaceFactory(place=other)
    for space in (hall, desks, room):
        born(space, date(2026, 1, 1))
        open_space(space, EVENINGS)
    third = hall.parts.order_by("pk").first()
    for n in range(6):
        use(third, FIRST + timedelta(days=7 * n), 18, 20)
        use(desks, FIRST + timedelta(days=7 * n + 1), 18, 22, quantity=2)
    use(room, date(2027, 1, 5), 0, 23.75, OccupancyKind.CLOSURE)
    return one, other


def same(scope):
    kept, fresh = from_summaries(scope, FIRST, LAST), live(scope, FIRST, LAST)
    assert np.allclose(kept.grids, fresh.grids, rtol=1e-5)
    counts = [(one.spaces, one.places, one.opened, one.without_surface) for one in (kept, fresh)]
    assert counts[0] == counts[1]
    assert [line.key for line in kept.lines] == [line.key for line in fresh.lines]
    return fresh


def test_summaries_are_what_the_bookings_say(places):
    summaries.refresh("38")
    whole = same(of_area(area("departement:38")))
    assert (whole.spaces, whole.places, whole.without_surface) == (3, 2, 1)
    same(of_area(area("commune:38382")))
    same(of_owner(places[0].owner))
    assert from_summaries(of_area(area("nation:")), FIRST, LAST).spaces == 3


def test_no_square_metre_counts_twice(places):
    """A third of the hall and half of the desks, six times each."""
    reading = live(of_area(area("departement:38")), FIRST, LAST)
    assert reading.hours(Measure.USED) == pytest.approx(6 * 2 / 3 + 6 * 4 / 2)
    square = reading.square_metre_hours(Measure.USED)
    assert square == pytest.approx(6 * 2 * 100 + 6 * 4 * 40)
    evenings = sum(
        (FIRST + timedelta(days=n)).weekday() < 5 for n in range((LAST - FIRST).days + 1)
    )
    assert reading.hours(Measure.CLOSED) == pytest.approx(4)
    assert reading.hours(Measure.OPEN) == pytest.approx(3 * 4 * evenings - 4)


def test_again_writes_nothing_and_then_only_what_changed(places):
    assert summaries.refresh("38") > 0
    assert summaries.refresh("38") == 0
    hall = Space.objects.get(name="Gymnase")
    taken = use(hall, date(2027, 3, 1), 18, 20)
    assert summaries.refresh("38") == 1
    release(taken, actor=summaries_actor())
    assert summaries.refresh("38") == 1


def summaries_actor():
    from preau.accounts.actors import SYSTEM

    return SYSTEM


def test_what_is_withdrawn_leaves_the_months_to_come_alone(places):
    summaries.refresh("38")
    Space.objects.filter(place=places[1]).update(publication=Publication.ARCHIVED)
    summaries.refresh("38")
    room = Space.objects.get(place=places[1])
    months = list(CapacityMonth.objects.filter(space_id=room.pk).values_list("month", flat=True))
    assert months
    assert max(months) < date(2026, 11, 1)
    assert not CapacityArea.objects.filter(code="38382", month__gte=date(2026, 11, 1)).exists()


def test_the_night_asks_every_departement(places):
    assert tasks.refresh(0) == 1
    assert tasks.refresh_departement("38") > 0
    run = CapacityRun.objects.get(pk="38")
    assert (run.first_month, run.last_month) == (date(2025, 11, 1), date(2027, 11, 1))
