"""The shape of the plans of the searches, whatever the planner believes about the tables.

The index of a medium country is written in fresh copies of the three tables (nothing is known of
them), then asked in each state that a database passes through.
"""

import json
import random
import time
from dataclasses import dataclass, field
from datetime import timedelta
from unittest.mock import patch
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction

from preau.availability.index import tile_of
from preau.availability.queries import statements
from preau.availability.queries.search import Evenings, Filters, Where, evenings, near, window
from preau.availability.queries.series import Neighbourhood, best
from preau.core import clock
from preau.core.timeranges import Period, local_instant

pytestmark = pytest.mark.django_db(transaction=True)

TABLES = ("availability_spaceindex", "availability_spaceday", "availability_openingyear")
#: A town of 1,500 spaces in a country of 4,000; a row for each space on a third of the days.
SPACES, IN_TOWN, DAYS = 4_000, 1_500, 42
TOWN = (45.19, 5.72)
PARIS = "Europe/Paris"
ZONE = ZoneInfo(PARIS)
EVENING = format(((1 << 8) - 1) << 72, "0100b")[::-1]
#: How each table may be read: the index alone, or one row by its key.
INDEX_ALONE = {
    ("availability_spaceindex", "Index Only Scan"),
    ("availability_spaceday", "Index Only Scan"),
    ("availability_openingyear", "Index Scan"),
    ("availability_openingyear", "Bitmap Heap Scan"),
}
#: Before a vacuum has said which pages all may see, the rows found are looked up in the table.
BY_AN_INDEX = INDEX_ALONE | {
    (table, way) for table in TABLES for way in ("Bitmap Heap Scan", "Index Scan")
}
#: Twice what was seen before a vacuum; a scan of the table, or of whole days, reads far more.
MOST_BUFFERS = {"near": 4_000, "window": 4_000, "evenings": 9_000, "series": 30_000}


def test_nothing_is_known_of_the_tables(country):
    country.fill()
    country.check(BY_AN_INDEX)
    country.vacuum()
    country.check(INDEX_ALONE)
    country.analyze()
    country.check(INDEX_ALONE)


def test_what_is_known_is_of_a_village(country):
    country.fill(spaces=40)
    country.vacuum()
    country.analyze()
    country.fill(first=41)
    country.check(BY_AN_INDEX)
    country.vacuum()
    country.check(INDEX_ALONE)


def test_a_search_that_is_not_pinned_is_seen(country):
    """Negative control: without what pins it, a plan reads a table or whole days."""
    country.fill()
    names = ("WINDOW", "_EVENINGS", "_SERIES")
    loose = {
        name: getattr(statements, name).replace("OFFSET 0", "").replace("AS MATERIALIZED", "AS")
        for name in names
    }
    with (
        patch.multiple(statements, PINNED=statements.FREED, **loose),
        pytest.raises(AssertionError),
    ):
        country.check(BY_AN_INDEX)


@dataclass
class Country:
    cursor: object
    calendars: set = field(default_factory=set)

    def fill(self, *, first=1, spaces=SPACES, in_town=IN_TOWN):
        rng = random.Random(first)
        rows = [self._space(rng, n, n - first < in_town) for n in range(first, spaces + first)]
        self._insert("availability_spaceindex", rows)
        today = clock.today(ZONE)
        days = [today + timedelta(days=n) for n in range(1, DAYS + 1)]
        self._insert(
            "availability_spaceday",
            [
                {
                    "day": day,
                    "tile": row["tile"],
                    "space_id": row["space_id"],
                    "lane": 0,
                    "departement_code": "38",
                    "bits": EVENING,
                }
                for row in rows
                for day in rng.sample(days, DAYS // 3)
            ],
        )
        years = sorted({today.year, days[-1].year})
        hours = [
            {"calendar_id": n, "year": year, "patterns": ["1" * 96 + "0000"], "days": [1] * 366}
            for n in sorted({row["calendar_id"] for row in rows} - self.calendars)
            for year in years
        ]
        self._insert("availability_openingyear", hours)
        self.calendars |= {row["calendar_id"] for row in rows}

    def analyze(self):
        self.cursor.execute(f"ANALYZE {', '.join(TABLES)}")

    def vacuum(self):
        """Until it has marked every page: a commit not on disk yet, or a neighbour's snapshot,
        keeps it from some."""
        deadline = time.monotonic() + 60
        hidden = True
        while hidden and time.monotonic() < deadline:
            self.cursor.execute(f"VACUUM {', '.join(TABLES)}")
            self.cursor.execute(
                "SELECT bool_or(relallvisible < relpages) FROM pg_class"
                " WHERE oid = ANY(%s::regclass[])",
                [list(TABLES)],
            )
            [(hidden,)] = self.cursor.fetchall()
        assert not hidden

    def check(self, allowed):
        for name, plans in asked().items():
            for plan in plans:
                ways = {(scan["Relation Name"], scan["Node Type"]) for scan in plan.scans}
                assert ways <= allowed, (name, ways - allowed)
            assert sum(plan.buffers for plan in plans) <= MOST_BUFFERS[name], name

    @staticmethod
    def _space(rng, number, in_town):
        around = 0.05 if in_town else 3.0
        lat = TOWN[0] + rng.uniform(-around, around)
        lon = TOWN[1] + rng.uniform(-around, around)
        return {
            "space_id": number,
            "place_id": number // 4,
            "owner_id": number // 4,
            "departement_code": "38",
            "tile": tile_of(lat, lon),
            "latitude": lat,
            "longitude": lon,
            "zone": PARIS,
            "calendar_id": number // 4,
            "capacity": 50,
            "kind": "salle_reunion",
            "place_kind": "salle_des_fetes",
            "equipment": 0,
            "is_accessible": True,
            "lanes": 1,
            "min_minutes": 60,
            "max_minutes": 720,
            "step_minutes": 30,
            "lead_minutes": 0,
            "horizon_days": 365,
        }

    def _insert(self, table, rows):
        with self.cursor.copy(f"COPY {table} ({', '.join(rows[0])}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(list(row.values()))


@pytest.fixture
def country():
    """Fresh copies of the tables, for the time of a test: only their indexes matter here."""
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} RENAME TO aside_{table}")
            cursor.execute(
                f"CREATE TABLE {table} (LIKE aside_{table} INCLUDING ALL)"
                " WITH (autovacuum_enabled = false)"
            )
        try:
            yield Country(cursor)
        finally:
            for table in TABLES:
                cursor.execute(f"DROP TABLE {table}")
                cursor.execute(f"ALTER TABLE aside_{table} RENAME TO {table}")


@dataclass
class Plan:
    scans: list
    buffers: int


def asked():
    """Search → the plans of its statements."""
    where, today = Where(*TOWN, 15.0), clock.today(ZONE)
    days = tuple(today + timedelta(days=n) for n in range(3, 31) if n % 3)
    evening = Period(local_instant(days[0], 1080, ZONE), local_instant(days[0], 1200, ZONE))
    weeks = [evening.shifted(timedelta(weeks=n)) for n in range(8)]
    rhythm = {Neighbourhood(PARIS, "A", "38", 0): weeks}
    questions = {
        "near": lambda: near(where, Filters(people=30)),
        "window": lambda: window(where, evening, Filters(people=30)),
        "evenings": lambda: evenings(where, Evenings(days, 18 * 60, 22 * 60, 120), Filters()),
        "series": lambda: best(where, Filters(), rhythm, limit=21),
    }
    return {name: plans_of(ask) for name, ask in questions.items()}


def plans_of(ask):
    sent = []

    def keep(execute, sql, params, many, context):
        sent.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(keep):
        ask()
    with transaction.atomic(), connection.cursor() as cursor:  # settings hold in a transaction
        return [explain(cursor, sql, params) for sql, params in sent]


def explain(cursor, sql, params):
    cursor.execute("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) " + sql, params)
    [(answer,)] = cursor.fetchall()
    [plan] = json.loads(answer) if isinstance(answer, str) else answer
    top = plan["Plan"]
    scans = [one for one in walk(top) if one.get("Relation Name") in TABLES]
    return Plan(scans, top["Shared Hit Blocks"] + top["Shared Read Blocks"])


def walk(node):
    yield node
    for child in node.get("Plans", ()):
        yield from walk(child)
