"""Keys compared so that an index on (key, period) answers for both."""

from datetime import timedelta

import pytest
from django.db import connection

from preau.accounts.actors import SYSTEM
from preau.availability.actions.occupancies import Use, occupy
from preau.availability.enums import OccupancyKind
from preau.availability.models import Occupancy, OccupiedUnit
from preau.core import clock
from preau.core.timeranges import Period
from tests.availability.factories import open_space
from tests.places.factories import SpaceFactory


@pytest.fixture
def taken(db):
    space = SpaceFactory()
    open_space(space)
    start = clock.now().replace(minute=0, second=0, microsecond=0) + timedelta(days=2)
    use = Use(OccupancyKind.BOOKING, "essai")
    occupy(space, Period(start, start + timedelta(hours=2)), use, actor=SYSTEM)
    return Occupancy.objects.get()


def plan(rows, *others):
    """On one row any index is as good: only the one that is meant is left."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL enable_seqscan = off")
        for other in others:
            cursor.execute(f"DROP INDEX {other}")
    return rows.explain()


@pytest.mark.parametrize(
    ("model", "key", "period", "others"),
    [
        (OccupiedUnit, "unit", "busy", []),
        (Occupancy, "place", "period", ["occupancy_live_holds", "occupancy_root_busy"]),
        (Occupancy, "root", "busy", ["occupancy_live_holds", "occupancy_place"]),
    ],
)
def test_the_index_answers_for_the_key_and_the_period(taken, model, key, period, others):
    row = model.objects.get()
    span = getattr(row, period)
    rows = model.objects.filter(
        **{f"{key}__one_of": [getattr(row, f"{key}_id")], f"{period}__overlap": span}
    )
    if model is Occupancy:
        rows = rows.filter(released_at=None)
    assert list(rows) == [row]
    [condition] = [line for line in plan(rows, *others).splitlines() if "Index Cond" in line]
    assert f"{key}_id =" in condition and f"{period} &&" in condition


def test_none_of_no_keys(taken):
    assert not OccupiedUnit.objects.filter(unit__one_of=[]).exists()
    assert not OccupiedUnit.objects.exclude(unit__one_of=[taken.units.get().unit_id]).exists()
