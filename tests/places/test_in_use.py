"""What was booked keeps its shape."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from preau.accounts.actors import SYSTEM
from preau.availability.actions.occupancies import Use, occupy, release
from preau.availability.enums import OccupancyKind
from preau.core.errors import Refusal
from preau.core.timeranges import Period
from preau.places import actions
from preau.places.models import SpaceUnit
from tests.places.factories import PlaceFactory, SpaceFactory, hall_in_thirds, pool

pytestmark = pytest.mark.django_db
START = datetime(2027, 3, 12, 18, tzinfo=ZoneInfo("Europe/Paris"))
EVENING = Period(START, START + timedelta(hours=2))
OWN_USE = Use(OccupancyKind.OWN_USE, "Conseil municipal")


def take(space, quantity=1):
    return occupy(space, EVENING, OWN_USE, actor=SYSTEM, quantity=quantity)


def test_a_room_taken_is_not_divided():
    room = SpaceFactory()
    take(room)
    with pytest.raises(Refusal, match="tel qu’il est découpé"):
        actions.divide_space(
            actor=SYSTEM, space=room, parts=[actions.Part("A", 10), actions.Part("B", 10)]
        )
    assert SpaceUnit.objects.filter(space=room).count() == 1
    assert not room.parts.exists()


def test_a_hall_whose_part_was_taken_stays_divided():
    hall = hall_in_thirds(PlaceFactory())
    taken = take(hall.parts.order_by("pk").first())
    release(taken, actor=SYSTEM)
    with pytest.raises(Refusal, match="tel qu’il est découpé"):
        actions.undivide_space(actor=SYSTEM, space=hall)
    assert hall.parts.count() == 5
    assert SpaceUnit.objects.filter(unit__root=hall).count() == 3 + 3 + 4


def test_stations_taken_stay():
    desks = pool(PlaceFactory(), 3)
    take(desks, quantity=3)
    with pytest.raises(Refusal, match="ne peut pas baisser"):
        actions.resize_pool(actor=SYSTEM, space=desks, size=2)
    actions.resize_pool(actor=SYSTEM, space=desks, size=4)
    assert desks.own_units.count() == 4
