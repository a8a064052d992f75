"""Open, used and free time against a count minute by minute: halls in thirds, pools, buffers,
closures, parts with hours of their own, nights, change-over days, overseas."""

import os
import random
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from preau.accounts.actors import SYSTEM
from preau.availability.actions.opening import create_calendar, follow
from preau.availability.enums import OccupancyKind
from preau.availability.models import LocalSchoolHoliday, OccupiedUnit, SpaceCalendar
from preau.capacity.grids import Measure
from preau.capacity.reading import measured, roots
from preau.places.enums import Publication
from preau.places.models import Space, SpaceUnit
from preau.territories.calendars import is_public_holiday, school_holidays
from tests.availability import oracle
from tests.availability.factories import open_space
from tests.availability.test_engine_oracle import random_rules
from tests.capacity.factories import born, use, write_past
from tests.places.factories import PlaceFactory, SpaceFactory, hall_in_thirds, pool
from tests.territories.factories import CommuneFactory, DepartementFactory, RegionFactory

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
ROUNDS = int(os.environ.get("PREAU_ORACLE_ROUNDS", "1"))
SCENES = [
    ("Europe/Paris", "38", "A", date(2026, 3, 27)),
    ("Europe/Paris", "57", "B", date(2026, 10, 23)),
    ("Europe/Paris", "38", "A", date(2026, 12, 29)),
    ("Indian/Reunion", "974", "REUNION", date(2026, 10, 24)),
    ("America/Miquelon", "975", "SAINT_PIERRE_ET_MIQUELON", date(2026, 10, 30)),
]
LENGTH = 4


class Scene:
    """A place with everything that is hard to count."""

    def __init__(self, rng, scene):
        name, code, school_zone, self.first = scene
        self.rng, self.zone, self.last = rng, ZoneInfo(name), self.first + LENGTH * DAY
        commune = CommuneFactory(
            code=f"{code}999"[:5],
            departement=DepartementFactory(
                code=code, region=RegionFactory(), school_zone=school_zone, time_zone=name
            ),
        )
        self.place = PlaceFactory(commune=commune, time_zone=name)
        self.hall = hall_in_thirds(self.place, surface=300)
        SpaceFactory(place=self.place)
        pool(self.place, 4, surface=80)
        for space in Space.objects.filter(place=self.place):
            Space.objects.filter(pk=space.pk).update(
                min_minutes=rng.choice([15, 60, 90, 180]),
                max_minutes=3000,
                buffer_before=rng.choice([0, 15, 30]),
                buffer_after=rng.choice([0, 15, 60]),
            )
        if rng.random() < 0.5:
            part = self.hall.parts.order_by("pk").first()
            Space.objects.filter(pk=part.pk).update(publication=Publication.DRAFT)
        born(self.hall, self.first - 30 * DAY + rng.choice([0, 31]) * DAY)
        self.hours()
        self.people()

    def hours(self):
        holiday = self.first + self.rng.randint(-2, 4) * DAY
        self.holidays = [(holiday, holiday + 2 * DAY)]
        LocalSchoolHoliday.objects.create(
            organization=self.place.owner, name="V", first_day=holiday, last_day=holiday + 2 * DAY
        )
        self.rules = {}
        for root in Space.objects.filter(place=self.place, root=None):
            rules = random_rules(self.rng, self.first)
            self.rules[open_space(root, rules).pk] = rules
        part = self.hall.parts.order_by("pk")[1]
        rules = random_rules(self.rng, self.first)
        own = create_calendar(self.place, "À part", rules, actor=SYSTEM)
        follow(part, own, actor=SYSTEM)
        self.rules[own.pk] = rules
        for calendar in self.place.opening_calendars.select_related("place__commune"):
            write_past(calendar, self.first - 4 * DAY, self.last + 4 * DAY)

    def people(self):
        spaces = list(Space.objects.filter(place=self.place).select_related("place"))
        for _ in range(40):
            space = self.rng.choice(spaces)
            start = self.rng.randrange(88) / 4
            use(
                space,
                self.first + self.rng.randint(-1, LENGTH + 1) * DAY,
                start,
                start + self.rng.randint(1, 20) / 4,
                self.rng.choice(list(OccupancyKind)),
                self.rng.randint(1, 3) if space.is_pool else 1,
            )


class Brute:
    """The same count, minute by minute, from the rows as plain values."""

    def __init__(self, scene):
        self.scene = scene
        self.worlds, self.known, self.off = {}, {}, {}
        for pk, rules in scene.rules.items():
            self.worlds[pk] = oracle.World(
                scene.zone, rules, [], scene.holidays, self.public_holidays()
            )
        self.spaces = {
            one.pk: one
            for one in Space.objects.filter(
                place=scene.place, publication=Publication.PUBLISHED
            ).select_related("place")
        }
        self.members = {}
        for space, unit in SpaceUnit.objects.filter(space__in=self.spaces).values_list(
            "space", "unit"
        ):
            self.members.setdefault(unit, []).append(space)
        self.sizes = Counter(space for spaces in self.members.values() for space in spaces)
        self.calendars = dict(SpaceCalendar.objects.values_list("space_id", "calendar_id"))

    def public_holidays(self):
        code = self.scene.place.departement_code
        days = [self.scene.first + n * DAY for n in range(-6, LENGTH + 7)]
        return {day for day in days if is_public_holiday(code, day)}

    def count(self):
        found = Counter()
        for unit, spaces in self.members.items():
            self.count_unit(found, unit, spaces)
        return found

    def count_unit(self, found, unit, spaces):
        scene = self.scene
        reference = self.spaces[min(spaces, key=lambda pk: (self.sizes[pk], pk))]
        root = reference.root_id or reference.pk
        calendars = {self.calendars[pk] for pk in spaces if pk in self.calendars}
        before, after = reference.buffer_before * MINUTE, reference.buffer_after * MINUTE
        rows = [
            (
                *(one.busy.lower.timestamp(), one.busy.upper.timestamp()),
                *(one.occupancy.period.lower.timestamp(), one.occupancy.period.upper.timestamp()),
                *((one.busy.lower - after).timestamp(), (one.busy.upper + before).timestamp()),
                one.occupancy.kind,
            )
            for one in OccupiedUnit.objects.filter(unit=unit).select_related("occupancy")
        ]
        birth = reference.created_at if not reference.root_id else None
        birth = (birth or Space.objects.get(pk=root).created_at).astimezone(scene.zone).date()
        start = datetime.combine(scene.first - 2 * DAY, datetime.min.time(), scene.zone)
        stop = datetime.combine(scene.last + 3 * DAY, datetime.min.time(), scene.zone)
        instant, minutes = start.astimezone(UTC), []
        while instant < stop.astimezone(UTC):
            minutes.append((instant, self.state(instant, calendars, rows, birth)))
            instant += MINUTE
        least = max(reference.min_minutes, 60)
        lengths = self.lengths([state == "free" for _, state in minutes])
        for (instant, state), length in zip(minutes, lengths, strict=True):
            wall = instant.astimezone(scene.zone)
            if not scene.first <= wall.date() <= scene.last or state == "unborn":
                continue
            off = self.is_off(wall.date())
            cell = (root, off, wall.weekday(), wall.hour)
            found[Measure.CLOCK, *cell] += 1
            if state == "shut":
                continue
            if state == "closed":
                found[Measure.CLOSED, *cell] += 1
                continue
            found[Measure.OPEN, *cell] += 1
            found[Measure[state.upper()], *cell] += 1
            for name, asked in (("USEFUL", 0), ("USEFUL_2H", 120), ("USEFUL_4H", 240)):
                if state == "free" and length >= max(least, asked):
                    found[Measure[name], *cell] += 1

    def is_off(self, day):
        if day not in self.off:
            zone = self.scene.place.commune.school_zone
            entered = any(first <= day <= last for first, last in self.scene.holidays)
            self.off[day] = entered or bool(school_holidays(zone, day, day))
        return self.off[day]

    def state(self, instant, calendars, rows, birth):
        if instant.astimezone(self.scene.zone).date() < birth:
            return "unborn"
        if not any(self.is_open(pk, instant) for pk in calendars):
            return "shut"
        near, at = False, instant.timestamp()
        for busy, freed, start, end, head, tail, kind in rows:
            if busy <= at < freed and start <= at < end:
                return "closed" if kind == OccupancyKind.CLOSURE else "used"
            near = near or head <= at < tail
        return "buffer" if near else "free"

    def is_open(self, calendar, instant):
        """Rules and bookings are on quarter-hours: asked once for the fifteen minutes of each."""
        quarter = int(instant.timestamp()) // 900
        key = (calendar, quarter)
        if key not in self.known:
            self.known[key] = oracle.minute_is_open(self.worlds[calendar], instant)
        return self.known[key]

    @staticmethod
    def lengths(flags):
        found, run = [0] * len(flags), 0
        for place in range(len(flags) + 1):
            if place < len(flags) and flags[place]:
                run += 1
                continue
            found[place - run : place] = [run] * run
            run = 0
        return found


@pytest.mark.django_db
@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: f"{scene[0]} {scene[3]}")
@pytest.mark.parametrize("seed", range(ROUNDS))
def test_every_figure_is_that_of_a_count_minute_by_minute(scene, seed):
    made = Scene(random.Random(f"{scene} {seed}"), scene)
    expected = Brute(made).count()
    found = Counter()
    for one in measured(roots(place=made.place), made.first, made.last):
        whole = one.months.sum(axis=0)
        for place in zip(*np.nonzero(whole), strict=True):
            off, number, weekday, hour = (int(n) for n in place)
            key = (Measure(number), one.root.space_id, bool(off), weekday, hour)
            found[key] = int(whole[place]) * 15
    assert found == expected
    assert sum(n for key, n in expected.items() if key[0] == Measure.USED) > 0
