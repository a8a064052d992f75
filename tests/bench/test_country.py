"""The country that measures work on: what the product would have written, under its constraints."""

from zoneinfo import ZoneInfo

import numpy as np
import pytest
from django.db import IntegrityError, connection

from bench.country import building
from bench.country.loading import connect, overlaps
from bench.figures import FIGURES
from preau.accounts.actors import Actor
from preau.availability.care import checking
from preau.availability.models import Occupancy, OccupiedUnit
from preau.booking.enums import BookingState
from preau.booking.models import Booking
from preau.core import clock
from preau.core.timeranges import Period
from preau.places.enums import ApprovalMode
from preau.places.models import Space
from tests.accounts.factories import UserFactory
from tests.booking.factories import bookable_space
from tests.booking.factories import booking as booked
from tests.territories.factories import CommuneFactory, DepartementFactory, RegionFactory

SPACES, EACH, SEED = 240, 60, 7
DEPARTEMENTS = [  # code, school zone, time zone, latitude, longitude
    ("38", "A", "Europe/Paris", 45.2, 5.7),
    ("67", "B", "Europe/Paris", 48.6, 7.7),
    ("75", "C", "Europe/Paris", 48.86, 2.35),
    ("2A", "CORSE", "Europe/Paris", 41.9, 8.7),
    ("971", "GUADELOUPE", "America/Guadeloupe", 16.2, -61.5),
    ("974", "REUNION", "Indian/Reunion", -20.9, 55.5),
    ("975", "SAINT_PIERRE_ET_MIQUELON", "America/Miquelon", 46.8, -56.2),
]
_SCHEMA = """
SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid), indisvalid, indisready,
       indisexclusion, indisclustered, indisunique, indimmediate
FROM pg_index JOIN pg_class ON pg_class.oid = indrelid
WHERE relnamespace = 'public'::regnamespace
UNION ALL
SELECT conname, pg_get_constraintdef(oid), convalidated, condeferrable, condeferred, false, false,
       false
FROM pg_constraint WHERE connamespace = 'public'::regnamespace
"""
_FOREIGN_KEYS = """
SELECT conrelid::regclass::text, a.attname, confrelid::regclass::text, b.attname
FROM pg_constraint
JOIN pg_attribute a ON a.attrelid = conrelid AND a.attnum = conkey[1]
JOIN pg_attribute b ON b.attrelid = confrelid AND b.attnum = confkey[1]
WHERE contype = 'f' AND connamespace = 'public'::regnamespace
"""


def _rows(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()


@pytest.fixture
def communes(transactional_db):
    """Nine to each département, from a village to a city."""
    for number, (code, school, zone, latitude, longitude) in enumerate(DEPARTEMENTS):
        region = RegionFactory(code=str(number), name=f"Région {number}")
        departement = DepartementFactory(
            code=code, name=code, region=region, school_zone=school, time_zone=zone
        )
        for rank in range(9):
            CommuneFactory(
                code=f"{code[:2]}{number}{rank:02d}",
                name=f"Commune {code}-{rank}",
                departement=departement,
                population=300 * 3**rank,
                latitude=latitude + rank / 20,
                longitude=longitude,
            )


@pytest.fixture
def today():
    return clock.today(ZoneInfo("Europe/Paris"))


@pytest.fixture
def schema_before(communes):
    return sorted(_rows(_SCHEMA))


@pytest.fixture
def country(schema_before, today):
    drawn = building.draw(SPACES, 5, today, SEED)
    made = building.draw_bookings(drawn, today, EACH, 1, SEED)
    building.write_standing(drawn)
    building.write_bookings(made)
    yield made
    FIGURES.clear()


def test_the_index_is_what_the_product_would_write(country):
    report = checking.check(repair=False)
    assert report.differences == 0, report.told
    assert (report.spaces, report.rows > SPACES * 10) == (SPACES, True)


def test_tables_keep_the_indexes_and_constraints_of_the_migrations(country, schema_before):
    assert sorted(_rows(_SCHEMA)) == schema_before


def test_every_row_points_at_one_that_exists(country):
    orphans = {}
    for table, column, other, key in _rows(_FOREIGN_KEYS):
        found = _rows(
            f'SELECT count(*) FROM {table} AS t WHERE t."{column}" IS NOT NULL'
            f' AND NOT EXISTS (SELECT FROM {other} AS o WHERE o."{key}" = t."{column}")'
        )[0][0]
        if found:
            orphans[table, column] = found
    assert orphans == {}


def test_no_unit_is_taken_twice_and_the_constraint_is_on_guard(country):
    with connect() as link:
        assert overlaps(link) == 0
    one = OccupiedUnit.objects.order_by("?").first()
    one.pk = None
    with pytest.raises(IntegrityError, match="one_occupancy_per_unit_at_a_time"):
        one.save(force_insert=True)


def test_a_clash_would_be_seen(country):
    one = OccupiedUnit.objects.order_by("id").first()
    with connect() as link:
        link.execute(
            "ALTER TABLE availability_occupiedunit DROP CONSTRAINT one_occupancy_per_unit_at_a_time"
        )
        try:
            link.execute(
                "INSERT INTO availability_occupiedunit (occupancy_id, unit_id, root_id,"
                " departement_code, busy) SELECT occupancy_id, unit_id, root_id, departement_code,"
                " busy FROM availability_occupiedunit WHERE id = %s",
                [one.pk],
            )
            assert overlaps(link) == 1
        finally:
            link.execute(
                "DELETE FROM availability_occupiedunit WHERE id = (SELECT max(id) FROM"
                " availability_occupiedunit)"
            )
            link.execute(
                "ALTER TABLE availability_occupiedunit ADD CONSTRAINT"
                " one_occupancy_per_unit_at_a_time EXCLUDE USING gist"
                " (unit_id WITH =, busy WITH &&)"
            )


def test_a_booking_is_whole(country):
    for booking in Booking.objects.order_by("?")[:40]:
        dates = list(booking.dates.select_related("occupancy"))
        stands = booking.state == BookingState.CONFIRMED
        assert booking.occupancy == dates[0].occupancy
        assert booking.starts_at == dates[0].occupancy.span.start
        assert booking.ends_at == max(one.occupancy.span.end for one in dates)
        assert all((one.occupancy.released_at is None) == stands for one in dates)
        for date in dates:
            space = date.occupancy.space
            units = {row.unit_id: row.busy for row in date.occupancy.units.all()}
            wanted = {row.unit_id for row in space.space_units.all()} if stands else set()
            assert set(units) <= wanted
            assert len(units) == (1 if space.is_pool and stands else len(wanted))
            busy = date.occupancy.span.widened(space.before, space.after)
            assert date.occupancy.busy_span == busy
            assert all(Period(span.lower, span.upper) == busy for span in units.values())


def _filled(row, but=()):
    """The columns of a row that hold something."""
    names = {field.column for field in row._meta.local_concrete_fields} - set(but)
    return {name for name in names if getattr(row, name) not in (None, "", [], 0, False)}


def test_a_booking_fills_the_columns_that_a_real_one_does(country):
    """But for what the country leaves out, and what its bookers do not type."""
    sent = booked(bookable_space(approval=ApprovalMode.IMMEDIATE), actor=Actor(UserFactory()))
    real = Booking.objects.get(pk=sent.pk)
    made = Booking.objects.filter(state=BookingState.CONFIRMED, organization=None).first()
    left_out = {"visitor_key", "thread_id", "price_id", "contact_name", "contact_phone"}
    assert real.state == BookingState.CONFIRMED
    assert _filled(real, left_out) == _filled(made, left_out)
    for read in (lambda one: one.occupancy, lambda one: one.dates.first()):
        assert _filled(read(real), left_out) == _filled(read(made), left_out)
    unit = [one.occupancy.units.first() for one in (real, made)]
    assert _filled(unit[0]) == _filled(unit[1])


def test_the_next_booking_gets_a_number_of_its_own(country):
    """Sequences follow the rows that were written beside them."""
    last = Occupancy.objects.order_by("-id").first()
    last_id, last.pk = last.pk, None
    last.released_at = clock.now()
    last.save(force_insert=True)
    assert last.pk > last_id


def test_demand_has_the_shape_of_real_life(country, today):
    demand = country.demand
    standing, series = demand.stands.mean(), demand.is_series.mean()
    assert 0.78 < standing < 0.92 and 0.5 < series < 0.72
    assert 0.7 < demand.rows / (SPACES * EACH) < 1.3
    each = np.sort(np.bincount(demand.space, minlength=SPACES))
    assert each[-SPACES // 10 :].sum() > 0.3 * each.sum()  # a tenth has a third and more
    assert Space.objects.filter(root__isnull=False).count() == round(SPACES * 0.1 / 4) * 3
    half = (demand.day < today.toordinal() - 719_163).mean()
    assert 0.4 < half < 0.6


def test_the_same_seed_draws_the_same_country(communes, today):
    first, again, other = (building.draw(SPACES, 5, today, seed) for seed in (SEED, SEED, 8))
    made = [building.draw_bookings(one, today, EACH, 1, SEED).demand for one in (first, again)]
    for name in ("space", "start", "end", "lane", "group", "stands"):
        assert np.array_equal(getattr(made[0], name), getattr(made[1], name))
    assert not np.array_equal(first.where.capacity, other.where.capacity)
