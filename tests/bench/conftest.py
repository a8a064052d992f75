"""A small country for the measures: one town, two places, each with a hall and a room."""

import os
import random
from datetime import timedelta

import pytest

from bench.country import Country
from bench.figures import FIGURES
from bench.reads.questions import moment
from preau.accounts.actors import SYSTEM
from preau.availability.actions.occupancies import Use, occupy
from preau.availability.enums import OccupancyKind
from preau.availability.index import index_space
from preau.availability.opening import RuleData
from preau.core import clock
from preau.core.timeranges import Period
from preau.places.models import SpaceEquipment
from tests.availability.factories import open_space
from tests.places.factories import PlaceFactory, SpaceFactory, hall_in_thirds
from tests.territories.factories import CommuneFactory


@pytest.fixture
def town(db):
    """Taken on some mornings, open every day."""
    rng, today = random.Random(7), clock.today()
    with clock.frozen(moment(today)):
        for place in (PlaceFactory(commune=CommuneFactory()) for _ in range(2)):
            spaces = [hall_in_thirds(place), SpaceFactory(place=place, buffer_after=30)]
            for one in place.spaces.all():
                for kind in range(12):
                    SpaceEquipment.objects.create(space=one, kind=kind)
            for root in spaces:
                open_space(root, [RuleData(list(range(7)), 8 * 60, 23 * 60)])
                for one in [root, *root.parts.all()]:
                    index_space(one)
                for n in rng.sample(range(1, 40), 20):
                    start = moment(today + timedelta(days=n)) + timedelta(hours=9)
                    period = Period(start, start + timedelta(hours=2))
                    occupy(root, period, Use(OccupancyKind.BOOKING, "essai"), actor=SYSTEM)
    yield Country(
        spaces=14, bookings_per_space=4, seed=3, url=os.environ["DATABASE_URL"], today=today
    )
    FIGURES.clear()
