"""A page of results reads what it shows: as many rows, and none of the long texts."""

from contextlib import contextmanager

import pytest
from django.db import connection

from preau.places.models import Photo
from tests.find.factories import coming, free_space
from tests.find.test_search import _photo, ask, names
from tests.pricing.factories import tariff_for

pytestmark = pytest.mark.django_db
SHOWN = 20
#: Columns of what a line comes from, that no line shows.
NEVER = {"description", "house_rules", "access", "safety", "feed_secret", "typo_keys", "postcodes"}


@contextmanager
def rows_read():
    """Each statement: its first words, its columns, how many rows it gave."""
    found = []

    def watch(execute, sql, params, many, context):
        result = execute(sql, params, many, context)
        cursor = context["cursor"]
        if cursor.description:
            found.append((sql, [one.name for one in cursor.description], cursor.rowcount))
        return result

    with connection.execute_wrapper(watch):
        yield found


def of(found, table):
    return [(columns, rows) for sql, columns, rows in found if f'FROM "{table}"' in sql]


@pytest.fixture
def many():
    spaces = [free_space(1 + n / 10, price_from_cents=None) for n in range(45)]
    for space in spaces[:3]:
        tariff_for(space, HOUR=1000, DAY=5000)
        _photo(space)
        _photo(space)
    return spaces


@pytest.mark.parametrize("query", [{}, {"jours": "mardi"}, {"debut": "18:00", "fin": "20:00"}])
def test_rows_read_are_rows_shown(client, many, query):
    if "debut" in query:
        query = {"jour": coming().isoformat(), **query}
    with rows_read() as found:
        page = ask(client, **query)
    assert len(names(page)) == SHOWN
    search = [rows for sql, _, rows in found if "availability_spaceindex" in sql and "km" in sql]
    assert search[-1] == max(search) == SHOWN + 1  # discs that widen until one holds a page
    assert [rows for _, rows in of(found, "places_space")] == [SHOWN]
    assert [rows for _, rows in of(found, "places_photo")] == [3]
    assert Photo.objects.count() == 6
    assert not NEVER & {name for columns, _ in of(found, "places_space") for name in columns}
    assert not [sql for sql, _, _ in found if "deposit" in sql or "cancellation" in sql]


def test_only_the_prices_that_may_speak_to_whoever_looks(client, many):
    from preau.pricing.models import Rate

    tariff = many[0].tariff_assignment.tariff
    for audience in ("association", "entreprise", "public"):
        for unit in ("heure", "journee"):
            Rate.objects.create(tariff=tariff, audience=audience, unit=unit, amount_cents=1)
    Rate.objects.create(tariff=tariff, residence="commune", unit="heure", amount_cents=1)
    with rows_read() as found:
        ask(client, jour=coming().isoformat(), debut="18:00", fin="20:00")
    assert [rows for _, rows in of(found, "pricing_rate")] == [6]
    assert not of(found, "pricing_quota")


def test_a_ceiling_looks_at_few_spaces_first(client, many):
    for space in many[3:30]:
        tariff_for(space, HOUR=1000)
    with rows_read() as found:
        page = ask(client, jour=coming().isoformat(), debut="18:00", fin="20:00", prix="50")
    assert len(names(page)) == SHOWN
    assert [rows for _, rows in of(found, "places_space")] == [40]
