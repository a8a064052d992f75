"""How many statements the engine sends to take and free time, whatever the number."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from preau.accounts.actors import SYSTEM
from preau.availability.actions.occupancies import Use, occupy, occupy_many, release_many
from preau.availability.enums import OccupancyKind
from preau.availability.models import SpaceDay
from preau.core.timeranges import Period
from tests.booking.factories import evening
from tests.places.factories import PlaceFactory, SpaceFactory, hall_in_thirds

pytestmark = pytest.mark.django_db
USE = Use(OccupancyKind.OWN_USE, label="Atelier")


def days(space, count):
    first = evening(space)
    return [
        (Period(first.start + timedelta(days=n), first.end + timedelta(days=n)), USE)
        for n in range(count)
    ]


def test_one_time_in_a_hall_of_many_parts(django_assert_max_num_queries):
    hall = hall_in_thirds(PlaceFactory())
    with django_assert_max_num_queries(10):
        taken = occupy(hall, evening(hall), USE, actor=SYSTEM)
    with django_assert_max_num_queries(13):
        release_many([taken], actor=SYSTEM)


@pytest.mark.parametrize("count", [1, 5, 200])
def test_many_times_cost_no_more_statements_than_one(count, django_assert_max_num_queries):
    space = SpaceFactory()
    with django_assert_max_num_queries(12):
        taken = occupy_many(space, days(space, count), actor=SYSTEM)
    assert SpaceDay.objects.filter(space_id=space.pk).count() == count
    with django_assert_max_num_queries(13):
        release_many(taken, actor=SYSTEM)
    assert not SpaceDay.objects.filter(space_id=space.pk).exists()


def test_a_hall_is_read_by_its_own_number():
    """An untyped number is no key of these indexes: the times of the whole country were read."""
    space = SpaceFactory()
    taken = occupy_many(space, days(space, 3), actor=SYSTEM)
    with CaptureQueriesContext(connection) as sent:
        release_many(taken, actor=SYSTEM)
    probes = [one["sql"] for one in sent.captured_queries if "LATERAL" in one["sql"]]
    assert len(probes) == 2  # closures to extend, and who has the units
    assert f"root_id = {space.pk}::bigint" in probes[0]
    assert "::bigint[]) AS u(id)" in probes[1]
