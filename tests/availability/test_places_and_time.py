"""What the engine does when places change and when nights pass."""

from datetime import date, timedelta

import pytest

from preau.accounts.actors import SYSTEM
from preau.availability.actions.occupancies import Use, occupy, occupy_many, release
from preau.availability.enums import OccupancyKind
from preau.availability.models import Occupancy, SpaceCalendar, SpaceIndex
from preau.availability.opening_index import HORIZON
from preau.availability.queries.search import Filters, Where, near
from preau.availability.tasks import extend_horizon
from preau.core import clock
from preau.core.errors import Refusal
from preau.core.timeranges import Period, local_instant
from preau.places.actions import (
    archive_place,
    archive_space,
    divide_space,
    edit_place,
    publish_space,
)
from preau.places.actions.places import publish_place, unpublish_place
from preau.places.actions.units import Part
from tests.availability.factories import days_written, open_space
from tests.places.factories import PlaceFactory, SpaceFactory, hall_in_thirds
from tests.territories.factories import CommuneFactory, DepartementFactory

pytestmark = pytest.mark.django_db
CHANGE_OVER = date(2027, 10, 31)
USE = Use(OccupancyKind.OWN_USE, "essai")


def tomorrow(space, hour=10, hours=2, days=1):
    day = clock.today(space.place.zone) + timedelta(days=days)
    start = local_instant(day, hour * 60, space.place.zone)
    return Period(start, start + timedelta(hours=hours))


def found(place):
    where = Where(place.latitude, place.longitude, 5)
    return [row.space_id for row in near(where, Filters(), limit=50).rows]


def test_a_published_space_with_hours_is_found_until_the_place_is_withdrawn():
    space = SpaceFactory()
    assert found(space.place) == []
    open_space(space)
    assert found(space.place) == [space.pk]
    unpublish_place(actor=SYSTEM, place=space.place)
    assert found(space.place) == []


def test_parts_made_later_keep_the_hours_of_their_hall():
    hall = SpaceFactory(capacity=100)
    calendar = open_space(hall)
    divide_space(actor=SYSTEM, space=hall, parts=[Part("A", 50), Part("B", 50)], combinations=[])
    calendars = SpaceCalendar.objects.filter(space__root=hall).values_list("calendar_id", flat=True)
    assert list(calendars) == [calendar.pk, calendar.pk]


@pytest.mark.parametrize("archive_whole", [True, False])
def test_nothing_is_archived_while_people_are_expected(archive_whole):
    space = SpaceFactory()
    row = occupy(space, tomorrow(space), USE, actor=SYSTEM)

    def archive():
        if archive_whole:
            archive_place(actor=SYSTEM, place=space.place)
        else:
            archive_space(actor=SYSTEM, space=space)

    with pytest.raises(Refusal, match="à venir"):
        archive()
    release(row, actor=SYSTEM)
    archive()


def test_a_part_expected_keeps_its_hall_from_being_archived():
    hall = hall_in_thirds(PlaceFactory())
    occupy(hall.parts.first(), tomorrow(hall), USE, actor=SYSTEM)
    with pytest.raises(Refusal, match="1 occupation à venir"):
        archive_space(actor=SYSTEM, space=hall)


def test_moving_a_place_overseas_recomputes_its_days():
    space = SpaceFactory()
    calendar = open_space(space)
    before = days_written(calendar)
    reunion = CommuneFactory(
        code="97411",
        name="Saint-Denis",
        departement=DepartementFactory(
            code="974", school_zone="REUNION", time_zone="Indian/Reunion"
        ),
    )
    edit_place(actor=SYSTEM, place=space.place, commune=reunion)
    calendar.refresh_from_db()
    assert calendar.facts.startswith("Indian/Reunion 974 REUNION ")
    assert SpaceIndex.objects.get(space=space).zone == "Indian/Reunion"
    hours = {day: bits.bit_count() // 4 for day, bits in days_written(calendar).items()}
    assert before[CHANGE_OVER].bit_count() == 100
    assert hours[CHANGE_OVER] == 24


def test_each_night_writes_the_days_that_come_within_the_horizon():
    space = SpaceFactory()
    calendar = open_space(space)
    last = calendar.__class__.objects.get(pk=calendar.pk).built_until
    with clock.frozen(clock.now() + timedelta(days=40)):
        assert extend_horizon(0) == 1
        assert extend_horizon(0) == 0
        today = clock.today(space.place.zone)
    days = days_written(calendar)
    assert max(days) == today + HORIZON == last + timedelta(days=40)
    assert min(days) == clock.today(space.place.zone) - timedelta(days=1)  # kept


def test_many_times_are_taken_at_once_or_none_is():
    space = SpaceFactory(buffer_after=30)
    times = [tomorrow(space, days=n) for n in range(1, 40)]
    rows = occupy_many(space, [(period, USE) for period in times], actor=SYSTEM)
    assert [row.span for row in rows] == times
    clash = [(tomorrow(space, days=50), USE), (tomorrow(space, hour=12, days=3), USE)]
    with pytest.raises(Refusal):
        occupy_many(space, clash, actor=SYSTEM)
    assert Occupancy.objects.count() == 39


def test_what_is_archived_is_so_for_good():
    space = SpaceFactory()
    archive_space(actor=SYSTEM, space=space)
    with pytest.raises(Refusal, match="archivé"):
        publish_space(actor=SYSTEM, space=space)
    archive_place(actor=SYSTEM, place=space.place)
    for change in (publish_place, unpublish_place):
        with pytest.raises(Refusal, match="archivé"):
            change(actor=SYSTEM, place=space.place)
