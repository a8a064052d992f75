"""The way to Citus stays open: docs/operations/scale.md says what becomes of each table and of each
constraint, and its SQL does it."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

pytestmark = pytest.mark.django_db
PAGE = Path(settings.BASE_DIR, "docs/operations/scale.md")
KEY = "departement_code"
#: Written or read by each booking or each search: these never do without the key.
HOT = {
    "availability_occupancy",
    "availability_occupiedunit",
    "availability_spaceday",
    "availability_spaceindex",
    "booking_booking",
}
#: Whatever tells rows apart, with or without a constraint: the columns compared, and whether it is
#: a surrogate primary key.
UNIQUE = """
SELECT i.indrelid::regclass::text, x.relname,
  ARRAY(SELECT a.attname::text FROM pg_attribute AS a WHERE a.attrelid = i.indrelid
        AND a.attnum = ANY((i.indkey::int2[])[0:i.indnkeyatts - 1])),
  i.indisprimary AND i.indnkeyatts = 1
FROM pg_index AS i JOIN pg_class AS x ON x.oid = i.indexrelid
WHERE (i.indisunique OR i.indisexclusion) AND i.indrelid::regclass::text = ANY(%s)
"""
FOREIGN = """
SELECT conname, conrelid::regclass::text, confrelid::regclass::text,
  ARRAY(SELECT attname::text FROM pg_attribute WHERE attrelid = conrelid AND attnum = ANY(conkey))
FROM pg_constraint WHERE contype = 'f'
"""
COLUMNS = """
SELECT table_name FROM information_schema.columns
WHERE table_schema = 'public' AND column_name = %s AND is_nullable = 'NO'
"""


def rows(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        return cursor.fetchall()


def classes():
    """The tables of each class, as the page names them; those distributed with and without key."""
    text = PAGE.read_text()
    table = text.partition("<!-- classes: begin -->")[2].partition("<!-- classes: end -->")[0]
    found = {}
    for line in table.splitlines():
        _, names, becomes, *_ = [*line.split("|"), "", "", ""]
        if kind := re.search(r"\*\*(\w+)\*\*", becomes):
            known = "which they carry" in becomes
            found.setdefault((kind[1], known), []).extend(re.findall(r"`(\w+)`", names))
    return found


def distributed():
    known = classes()
    return known["distributed", True] + known["distributed", False]


def steps():
    """What is to be run on PostgreSQL, in order."""
    found = re.findall(r"```sql\n(.*?)```", PAGE.read_text().partition("### Steps")[2], re.S)
    return [step for step in found if not step.startswith("-- Citus")]


def lacking():
    """Constraints and indexes that tell rows apart without the key, surrogate keys aside."""
    found = rows(UNIQUE, distributed())
    return {name for _, name, columns, surrogate in found if KEY not in columns and not surrogate}


def test_every_table_has_one_place_on_the_page():
    named = [name for names in classes().values() for name in names]
    assert len(named) == len(set(named))
    tables = rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    assert set(named) == {name for (name,) in tables}


def test_the_page_knows_who_carries_the_key():
    carrying = {name for (name,) in rows(COLUMNS, KEY)}
    known = classes()
    assert HOT <= set(known["distributed", True]) <= carrying
    assert not carrying & set(known["distributed", False])


def test_each_constraint_without_the_key_has_its_step():
    """A new constraint on one of these tables needs its line on the page."""
    step = steps()[2]
    named = re.findall(r"(?:DROP CONSTRAINT|DROP INDEX) (\w+)", step)
    assert len(named) == len(set(named))
    assert set(named) == lacking()


def test_the_steps_do_it():
    """On the tests' database, given back as it was: all that Citus asks of keys is then true."""
    known = classes()
    for step in steps():
        with connection.cursor() as cursor:
            cursor.execute(step)
    assert not [name for _, name, columns, _ in rows(UNIQUE, distributed()) if KEY not in columns]
    here, everywhere = set(distributed()), set(known["reference", False])
    for name, child, parent, columns in rows(FOREIGN):
        if child in here and parent in here:
            assert KEY in columns, name
        elif child in here:
            assert parent in everywhere, name
        else:
            assert parent not in here, name
