"""The measured reads: the brute force agrees with a right engine, and catches a wrong one."""

import os
import random
from datetime import timedelta

import pytest

from bench import reads
from bench.country import Country
from bench.figures import FIGURES
from bench.reads import oracle
from bench.reads.kinds import KINDS
from bench.reads.questions import Crowd, moment
from preau.accounts.actors import SYSTEM
from preau.availability.actions.occupancies import Use, occupy
from preau.availability.enums import OccupancyKind
from preau.availability.index import index_space
from preau.availability.models import SpaceDay
from preau.availability.opening import RuleData
from preau.core import clock
from preau.core.timeranges import Period
from preau.places.models import SpaceEquipment
from tests.availability.factories import open_space
from tests.places.factories import PlaceFactory, SpaceFactory, hall_in_thirds
from tests.territories.factories import CommuneFactory


@pytest.fixture
def country(db, monkeypatch):
    """One town with a hall in thirds and two rooms, each taken on some evenings."""
    monkeypatch.setattr(oracle, "SAMPLE", 4)
    rng, today = random.Random(7), clock.now().date()
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


def test_right_answers_are_the_brute_force_s(country):
    with clock.frozen(moment(country.today)):
        assert oracle.compare(country) == 0
    rows = {one["name"]: one["value"] for one in FIGURES}
    assert all(
        rows[f"reads.oracle.{name}.rows"] for name, _, _ in oracle.CHECKS if "odd" not in name
    )


def test_an_index_that_forgets_a_booking_is_caught(country, capsys):
    SpaceDay.objects.all().delete()
    with pytest.raises(SystemExit) as end:
        reads.main(Country(**{**vars(country), "only": ("reads.oracle",)}))
    assert end.value.code == 1
    assert "expected" in capsys.readouterr().out


def test_every_kind_is_measured(country, monkeypatch):
    for name in ("QUERIES", "WARMING", "EXPLAINED"):
        monkeypatch.setattr(reads, name, 2)
    with clock.frozen(moment(country.today)):
        for kind in KINDS:
            reads.measure(kind, country)
    said = {one["name"]: one["value"] for one in FIGURES}
    for kind in KINDS:
        assert said[f"reads.{kind.name}.statements.max"] > 0
        assert said[f"reads.{kind.name}.buffers.max"] > 0


def test_questions_repeat_with_their_seed(country):
    one, other = (list(Crowd("same", country.today).windows(5)) for _ in range(2))
    assert one == other
