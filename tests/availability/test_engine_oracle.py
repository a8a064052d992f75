"""The whole engine on PostgreSQL against the oracle: rules, bookings, halls in thirds, pools,
buffers, change-over days, midnight, New Year, Paris and overseas."""

import os
import random
from dataclasses import replace
from datetime import date, datetime, timedelta
from unittest.mock import patch
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction

from preau.accounts.actors import SYSTEM
from preau.availability import index, opening_index
from preau.availability.actions.occupancies import SlotTaken, Use, move, occupy, release
from preau.availability.actions.opening import add_exception, add_school_holiday
from preau.availability.enums import OccupancyKind
from preau.availability.index import index_space
from preau.availability.models import OpeningException
from preau.availability.opening import RuleData
from preau.availability.queries.search import Evenings, Filters, Where, evenings, window
from preau.availability.queries.space import check, free_slots
from preau.core import clock
from preau.core.errors import Refusal
from preau.core.timeranges import Period, local_instant
from preau.places.models import Space
from tests.availability import oracle
from tests.availability.factories import open_space
from tests.places.factories import PlaceFactory, SpaceFactory, hall_in_thirds, pool
from tests.territories.factories import CommuneFactory, DepartementFactory, RegionFactory

QUARTER = timedelta(minutes=15)
#: Where and when: every zone the product serves behaves on its awkward days.
SCENES = [
    ("Europe/Paris", "38", "A", date(2026, 3, 29), (45.19, 5.72)),
    ("Europe/Paris", "57", "B", date(2026, 10, 25), (49.12, 6.17)),
    ("Europe/Paris", "38", "A", date(2026, 12, 31), (45.19, 5.72)),
    ("Indian/Reunion", "974", "REUNION", date(2026, 10, 25), (-20.88, 55.45)),
    ("America/Martinique", "972", "MARTINIQUE", date(2027, 3, 28), (14.6, -61.07)),
    ("Pacific/Noumea", "988", "NOUVELLE_CALEDONIE", date(2026, 12, 31), (-22.27, 166.44)),
    ("America/Miquelon", "975", "SAINT_PIERRE_ET_MIQUELON", date(2026, 11, 1), (46.78, -56.18)),
]
ROUNDS = int(os.environ.get("PREAU_ORACLE_ROUNDS", "3"))


def random_rules(rng, around):
    rules = [RuleData(list(range(7)), 8 * 60, 22 * 60)]
    for _ in range(rng.randint(1, 4)):
        start = rng.randrange(96) * 15
        first = rng.choice([None, around + timedelta(days=rng.randint(-3, 3))])
        rules.append(
            RuleData(
                weekdays=rng.sample(range(7), rng.randint(1, 7)),
                start_minute=start,
                end_minute=start + rng.randint(1, 96) * 15,
                effect=rng.choice(["ouvert", "ouvert", "ferme"]),
                when=rng.choice(["toujours", "periode_scolaire", "vacances"]),
                not_on_public_holidays=rng.random() < 0.3,
                valid_from=first,
                valid_until=first and first + timedelta(days=rng.randint(0, 9)),
            )
        )
    return rules


class Scene:
    """One place, one set of spaces, their true state in the database and in the oracle."""

    def __init__(self, rng, scene):
        name, departement, school_zone, self.around, (lat, lon) = scene
        self.rng, self.zone = rng, ZoneInfo(name)
        commune = CommuneFactory(
            code=f"{departement}999"[:5],
            name="Essai",
            latitude=lat,
            longitude=lon,
            departement=DepartementFactory(
                code=departement, region=RegionFactory(), school_zone=school_zone, time_zone=name
            ),
        )
        self.place = PlaceFactory(commune=commune)
        self.spaces = self._spaces()
        self._hours()
        self.taken = []
        self.rows = []
        self.cases = 0

    def _spaces(self):
        rng = self.rng
        fields = {"min_minutes": 15, "max_minutes": 3000, "step_minutes": 15, "horizon_days": 365}

        def some_buffers():
            return {
                "buffer_before": rng.choice([0, 15, 30]),
                "buffer_after": rng.choice([0, 15, 60]),
            }

        hall = hall_in_thirds(self.place, **fields)
        Space.objects.filter(place=self.place).update(**fields)
        for space in Space.objects.filter(place=self.place):
            Space.objects.filter(pk=space.pk).update(**some_buffers())
        plain = SpaceFactory(place=self.place, **fields, **some_buffers())
        desks = pool(self.place, 3, **fields, **some_buffers())
        self.roots = [hall, plain, desks]
        return list(
            Space.objects.filter(place=self.place).select_related("place__commune").order_by("pk")
        )

    def _hours(self):
        rules = random_rules(self.rng, self.around)
        calendar = None
        for root in self.roots:
            calendar = open_space(Space.objects.get(pk=root.pk), rules)
        exceptions = []
        for effect in ("ouvert", "ferme")[: self.rng.randint(0, 2)]:
            first = self.around + timedelta(days=self.rng.randint(-2, 2))
            start = self.rng.randrange(90) * 15
            exceptions.append((effect, first, first + timedelta(days=1), start, start + 90))
        holiday = self.around + timedelta(days=self.rng.randint(-4, 1))
        add_school_holiday(
            self.place.owner, "Vacances", holiday, holiday + timedelta(days=3), actor=SYSTEM
        )
        for calendar in self.place.opening_calendars.all():
            for effect, first, last, start, end in exceptions:
                add_exception(
                    calendar,
                    OpeningException(
                        effect=effect,
                        first_day=first,
                        last_day=last,
                        start_minute=start,
                        end_minute=end,
                    ),
                    actor=SYSTEM,
                )
        self.world = oracle.World(
            zone=self.zone,
            rules=rules,
            exceptions=[
                OpeningException(effect=e, first_day=f, last_day=la, start_minute=s, end_minute=n)
                for e, f, la, s, n in exceptions
            ],
            school_holidays=[
                (holiday, holiday + timedelta(days=3)),
                *official_school_holidays(self.place.commune.school_zone),
            ],
            public_holidays=PUBLIC.get(self.place.departement_code, set()) | EVERYWHERE,
        )
        for space in self.spaces:
            index_space(space)

    def units(self, space):
        return list(space.units.order_by("pk").values_list("pk", flat=True))

    def is_free(self, space, period, quantity=1):
        self.cases += 1
        units = self.units(space)
        free = oracle.free_units(
            self.taken, units, period.start, period.end, space.buffer_before, space.buffer_after
        )
        return len(free) >= (quantity if space.is_pool else len(units))

    def is_open(self, period):
        return oracle.period_is_open(self.world, period.start, period.end)

    def random_period(self, longest=120):
        day = self.around + timedelta(days=self.rng.randint(-2, 2))
        start = local_instant(day, 0, self.zone) + self.rng.randrange(100) * QUARTER
        return Period(start, start + self.rng.randint(1, longest) * QUARTER)

    def book(self):
        space, period = self.rng.choice(self.spaces), self.random_period(48)
        quantity = self.rng.randint(1, 2) if space.is_pool else 1
        expected = self.is_free(space, period, quantity)
        use = Use(OccupancyKind.BOOKING, "essai")
        try:
            with transaction.atomic():
                row = occupy(space, period, use, actor=SYSTEM, quantity=quantity)
        except SlotTaken:
            assert not expected, (space, period)
            return
        assert expected, (space, period)
        self.note(row, space, period)

    def note(self, row, space, period):
        units = frozenset(row.units.values_list("unit_id", flat=True))
        taken = oracle.Taken(
            units, period.start, period.end, space.buffer_before, space.buffer_after
        )
        self.taken.append(taken)
        self.rows.append((row, taken))

    def disturb(self):
        """Free one occupancy, move another: the index must follow."""
        if len(self.rows) < 2:
            return
        row, taken = self.rows.pop(self.rng.randrange(len(self.rows)))
        release(row, actor=SYSTEM)
        self.taken.remove(taken)
        row, taken = self.rows.pop(self.rng.randrange(len(self.rows)))
        period = self.random_period(20)
        self.taken.remove(taken)
        try:
            with transaction.atomic():
                move(row, period, actor=SYSTEM)
        except SlotTaken:
            self.taken.append(taken)
            self.rows.append((row, taken))
        else:
            self.note(row, row.space, period)


EVERYWHERE = {
    date(2026, 11, 1),
    date(2026, 11, 11),
    date(2026, 12, 25),
    date(2027, 1, 1),
    date(2027, 3, 29),
}
PUBLIC = {
    "57": {date(2026, 12, 26), date(2027, 3, 26)},
    "974": {date(2026, 12, 20)},
    "988": {date(2026, 9, 24)},
    "972": {date(2027, 5, 22)},
}


def official_school_holidays(zone):
    from preau.territories.models import SchoolHoliday

    return list(SchoolHoliday.objects.filter(zone=zone).values_list("first_day", "last_day"))


@pytest.fixture
def short_horizon(monkeypatch):
    monkeypatch.setattr(opening_index, "HORIZON", timedelta(days=14))


@pytest.mark.django_db
@pytest.mark.parametrize("round_number", range(ROUNDS))
@pytest.mark.parametrize("scene", SCENES, ids=lambda s: f"{s[0]}-{s[3]}")
def test_the_engine_says_what_the_oracle_says(scene, round_number, short_horizon, record_property):
    rng = random.Random(f"{scene[0]}{scene[3]}{round_number}")
    before = datetime.combine(scene[3] - timedelta(days=4), datetime.min.time(), ZoneInfo(scene[0]))
    with clock.frozen(before):
        world = Scene(rng, scene)
        for _ in range(25):
            world.book()
        world.disturb()
        compare_verdicts(world, 40)
        compare_slots(world)
        compare_windows(world, 6)
        compare_evenings(world, 2)
    record_property("cases", world.cases)


def compare_verdicts(world, cases):
    for _ in range(cases):
        space, period = world.rng.choice(world.spaces), world.random_period()
        if world.rng.random() < 0.6:
            period = replace(period, end=period.start + world.rng.randint(1, 12) * QUARTER)
        try:
            check(space, period)
            verdict = "free"
        except Refusal as refusal:
            verdict = refusal.code
        if not world.is_open(period):
            assert verdict == "closed", (space.name, period)
        else:
            free = world.is_free(space, period)
            assert verdict == ("free" if free else "slot_taken"), (space.name, period)


def compare_slots(world):
    space = world.rng.choice(world.spaces)
    minutes = world.rng.choice([30, 60, 120])
    first, last = world.around - timedelta(days=1), world.around + timedelta(days=1)
    found = {slot.period for slot in free_slots(space, first, last, minutes)}
    start = local_instant(first, 0, world.zone)
    expected = set()
    while start < local_instant(last, 1440, world.zone):
        period = Period(start, start + timedelta(minutes=minutes))
        if world.is_open(period) and world.is_free(space, period):
            expected.add(period)
        start += QUARTER
    assert found == expected


def compare_windows(world, cases):
    where = Where(world.place.latitude + 0.02, world.place.longitude - 0.03, 15)
    for _ in range(cases):
        period = world.random_period(16)
        found = {row.space_id for row in window(where, period, Filters(), limit=50).rows}
        expected = {
            space.pk
            for space in world.spaces
            if world.is_open(period) and world.is_free(space, period)
        }
        assert found == expected, period


def compare_evenings(world, cases):
    where = Where(world.place.latitude, world.place.longitude, 5)
    for _ in range(cases):
        start = world.rng.randrange(0, 80) * 15
        asked = Evenings(
            days=tuple(world.around + timedelta(days=n) for n in world.rng.sample(range(-2, 4), 3)),
            start_minute=start,
            end_minute=min(start + world.rng.randint(8, 24) * 15, 1440),
            minutes=world.rng.choice([30, 60, 75, 120]),
        )
        found = {r.space_id: r.period for r in evenings(where, asked, Filters(), limit=50).rows}
        assert found == expected_evenings(world, asked)


def expected_evenings(world, asked):
    expected = {}
    for space in world.spaces:
        for day in sorted(asked.days):
            start = local_instant(day, asked.start_minute, world.zone)
            stop = local_instant(day, asked.end_minute, world.zone)
            while start + timedelta(minutes=asked.minutes) <= stop:
                period = Period(start, start + timedelta(minutes=asked.minutes))
                if world.is_open(period) and world.is_free(space, period):
                    expected.setdefault(space.pk, period)
                start += QUARTER
    return expected


def test_a_broken_engine_is_caught(db, short_horizon):
    """Negative control: an index that forgets the newcomer's own buffers is seen at once."""
    scene = SCENES[0]
    with (
        patch.object(index, "_dilated", lambda space, busy: busy),
        pytest.raises(AssertionError),
    ):
        for number in range(ROUNDS):
            rng = random.Random(number)
            with clock.frozen(datetime(2026, 3, 25, tzinfo=ZoneInfo("Europe/Paris"))):
                world = Scene(rng, scene)
                for _ in range(25):
                    world.book()
                compare_verdicts(world, 200)
