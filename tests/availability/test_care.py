"""The search index against the truth: what is wrong is found, repaired and counted."""

import random
from datetime import datetime, timedelta
from io import StringIO
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from preau.accounts.actors import SYSTEM
from preau.availability import opening_index
from preau.availability.actions.occupancies import Use, occupy
from preau.availability.care import checking, opening, past, taken
from preau.availability.care.scope import batches, compared_days, spaces_by_tile
from preau.availability.enums import OccupancyKind
from preau.availability.index import first_kept
from preau.availability.models import (
    IndexCheck,
    OpeningCalendar,
    OpeningRule,
    OpeningYear,
    SpaceDay,
    SpaceIndex,
)
from preau.availability.queries.health import index_health
from preau.availability.tasks import check_index, extend_horizon, follow_holidays, trim_index
from preau.core import clock
from preau.core.timeranges import Period, local_instant
from preau.places.enums import Publication
from preau.places.models import Space, SpaceEquipment
from preau.territories.loading import load_school_holidays
from preau.territories.models import SchoolHoliday
from tests.availability.factories import days_written, open_space
from tests.availability.test_engine_oracle import SCENES, Scene
from tests.places.factories import PlaceFactory, SpaceFactory, hall_in_thirds, pool

pytestmark = pytest.mark.django_db
USE = Use(OccupancyKind.OWN_USE, "essai")


@pytest.fixture(autouse=True)
def _short_horizon(monkeypatch):
    monkeypatch.setattr(opening_index, "HORIZON", timedelta(days=30))


def take(space, days=2, hour=10, hours=2, **more):
    day = clock.today(space.place.zone) + timedelta(days=days)
    start = local_instant(day, hour * 60, space.place.zone)
    return occupy(space, Period(start, start + timedelta(hours=hours)), USE, actor=SYSTEM, **more)


@pytest.fixture
def hall(db):
    """A hall in thirds, taken in part, then a pool and a room with buffers, at one place."""
    hall = hall_in_thirds(PlaceFactory(), buffer_after=30)
    open_space(Space.objects.get(pk=hall.pk))
    take(hall.parts.order_by("pk").first())
    take(hall, days=3)
    desks = pool(hall.place, 3)
    open_space(desks)
    take(desks)
    take(desks, quantity=2)
    room = SpaceFactory(place=hall.place, buffer_before=15)
    open_space(room)
    take(room, hour=22, hours=4)
    return hall


def found(**options):
    return checking.check(repair=False, **options).told


def repaired():
    return checking.check(repair=True).told


def rows():
    return sorted(SpaceDay.objects.values_list("day", "tile", "space_id", "lane", "bits"))


def test_an_index_that_is_right_shows_no_difference(hall):
    report = checking.check(repair=False)
    assert report.told == []
    assert (report.spaces, report.calendars) == (8, 3)
    assert report.rows == SpaceDay.objects.count() > 8


def a_row(hall, **values):
    return SpaceDay.objects.filter(**values).order_by("pk").first()


def without_a_day(hall):
    SpaceDay.objects.filter(pk=a_row(hall, space_id=hall.pk).pk).delete()


def with_a_day_too_many(hall):
    row = a_row(hall, space_id=hall.pk)
    row.day += timedelta(days=9)
    SpaceDay.objects.bulk_create([row])


def with_wrong_quarters(hall):
    row = a_row(hall, space_id=hall.pk)
    flipped = row.bits[:90] + ("0" if row.bits[90] == "1" else "1") + row.bits[91:]
    SpaceDay.objects.filter(pk=row.pk).update(bits=flipped)


def under_the_wrong_tile(hall):
    SpaceDay.objects.filter(pk=a_row(hall, space_id=hall.pk).pk).update(tile=12)


def in_the_wrong_lane(hall):
    SpaceDay.objects.filter(pk=a_row(hall, lane=1).pk).update(lane=5)


def in_the_wrong_departement(hall):
    SpaceDay.objects.filter(pk=a_row(hall, space_id=hall.pk).pk).update(departement_code="2A")


def of_a_space_that_does_not_exist(hall):
    row = a_row(hall, space_id=hall.pk)
    row.space_id = 99_999_999
    SpaceDay.objects.bulk_create([row])


def under_the_last_tile(hall):
    row = a_row(hall, space_id=hall.pk)
    row.tile = 2_000_000_000
    SpaceDay.objects.bulk_create([row])


def with_older_buffers(hall):
    Space.objects.filter(pk=hall.pk).update(buffer_before=60)


def lost_from_search(hall):
    SpaceIndex.objects.filter(space=hall).delete()


def found_though_withdrawn(hall):
    Space.objects.filter(pk=hall.pk).update(publication=Publication.DRAFT)


def with_an_older_capacity(hall):
    Space.objects.filter(pk=hall.pk).update(capacity=7)


def without_its_equipment(hall):
    SpaceEquipment.objects.create(space=hall, kind=3)


def closed_by_mistake(hall):
    year = OpeningYear.objects.filter(calendar=hall.opening.calendar).order_by("-year").first()
    OpeningYear.objects.filter(pk=year.pk).update(days=[0] * len(year.days))


def open_after_the_rules_changed(hall):
    OpeningRule.objects.filter(calendar=hall.opening.calendar).update(end_minute=600)


SPACE_DAY = [
    (without_a_day, 1),
    (with_a_day_too_many, 1),
    (with_wrong_quarters, 1),
    (under_the_wrong_tile, 2),  # missing here, too many there
    (in_the_wrong_lane, 2),
    (in_the_wrong_departement, 1),
    (of_a_space_that_does_not_exist, 1),
    (under_the_last_tile, 1),
    (with_older_buffers, 2),
]
SPACE_INDEX = [
    (lost_from_search, 1),
    (found_though_withdrawn, 1),
    (with_an_older_capacity, 1),
    (without_its_equipment, 1),
]


@pytest.mark.parametrize(
    ("spoil", "count", "kind"),
    [(*case, "space_day") for case in SPACE_DAY] + [(*case, "space_index") for case in SPACE_INDEX],
)
def test_what_is_wrong_is_found_repaired_and_counted(hall, spoil, count, kind):
    spoil(hall)
    assert [one.kind for one in found()] == [kind] * count
    spoiled = rows()
    assert rows() == spoiled  # looking changes nothing
    assert check_index(0) == count
    kept = IndexCheck.objects.get()
    assert kept.finished_at
    assert kept.repaired
    assert (kept.space_days, kept.space_rows) == ((count, 0) if kind == "space_day" else (0, count))
    assert len(kept.told) == count
    assert found() == []
    assert check_index(0) == 0


@pytest.mark.parametrize("spoil", [closed_by_mistake, open_after_the_rules_changed])
def test_stale_opening_days_are_found_and_written_again(hall, spoil):
    before = days_written(hall.opening.calendar)
    spoil(hall)
    wrong = found()
    assert {one.kind for one in wrong} == {"opening_day"}
    assert {one.subject for one in wrong} == {hall.opening.calendar_id}
    assert check_index(0) == len(wrong)
    assert IndexCheck.objects.get().opening_days == len(wrong)
    assert found() == []
    same = days_written(hall.opening.calendar) == before
    assert same is (spoil is closed_by_mistake)


def test_a_part_may_be_looked_at_alone(hall):
    without_a_day(hall)
    other = Space.objects.exclude(pk=hall.pk).first()
    assert found(spaces=[other.pk]) == []
    [one] = found(spaces=[hall.pk])
    assert one.subject == hall.pk
    assert found(since=one.day + timedelta(days=1)) == []
    assert not IndexCheck.objects.exists()


def test_the_command_tells_then_repairs(hall):
    with_wrong_quarters(hall)
    out = StringIO()
    with pytest.raises(CommandError, match="--repair"):
        call_command("check_index", stdout=out, stderr=StringIO())
    assert f"space_day of space {hall.pk}" in out.getvalue()
    assert "1 differences" in out.getvalue()
    call_command("check_index", "--repair", stdout=out, stderr=StringIO())
    call_command("check_index", stdout=out, stderr=StringIO())
    assert out.getvalue().endswith("; 0 differences.\n")
    assert [one.differences for one in IndexCheck.objects.order_by("pk")] == [1, 1, 0]


def test_the_index_is_rebuilt_from_nothing(hall):
    right, years = rows(), sorted(OpeningYear.objects.values_list("calendar", "year", "days"))
    listed = sorted(SpaceIndex.objects.values_list())
    SpaceDay.objects.all().delete()
    SpaceIndex.objects.all().delete()
    OpeningYear.objects.all().delete()
    of_another = SpaceDay(
        day=right[0][0], tile=5, space_id=777_777, lane=0, departement_code="38", bits=right[0][4]
    )
    SpaceDay.objects.bulk_create([of_another])
    out = StringIO()
    call_command("rebuild_index", stdout=out, stderr=StringIO())
    assert "1 rows that belong to nothing removed" in out.getvalue()
    assert rows() == right
    assert sorted(SpaceIndex.objects.values_list()) == listed
    assert sorted(OpeningYear.objects.values_list("calendar", "year", "days")) == years


def test_a_rebuilding_goes_on_where_it_stopped(hall, monkeypatch):
    monkeypatch.setattr(checking, "LOCKED_AT_ONCE", 2)
    right = rows()
    SpaceDay.objects.all().delete()
    first = next(checking.rebuild())
    written = rows()
    assert 0 < len(written) < len(right)
    assert len(list(checking.rebuild(first))) == 3
    assert rows() == right


def test_batches_leave_no_tile_unread(hall):
    spaces = spaces_by_tile()
    cut = list(batches(spaces, 3))
    assert [space for batch in cut for space in batch.spaces] == spaces
    assert all(one.upto == other.after for one, other in pairwise(cut))


def test_small_batches_find_the_same(hall, monkeypatch):
    monkeypatch.setattr(checking, "COMPARED_AT_ONCE", 1)
    assert checking.check(repair=False).rows == SpaceDay.objects.count()
    under_the_wrong_tile(hall)
    of_a_space_that_does_not_exist(hall)
    assert len(found()) == 3


@pytest.mark.parametrize("scene", SCENES, ids=lambda s: f"{s[0]}-{s[3]}")
def test_sql_and_the_writers_agree_on_every_awkward_day(scene, monkeypatch):
    """In the worlds that the oracle judges; then any one bit flipped is seen, and only it."""
    monkeypatch.setattr(opening_index, "HORIZON", timedelta(days=14))
    rng = random.Random(f"{scene[0]}{scene[3]}")
    before = datetime.combine(scene[3] - timedelta(days=4), datetime.min.time(), ZoneInfo(scene[0]))
    with clock.frozen(before):
        world = Scene(rng, scene)
        for _ in range(25):
            world.book()
        world.disturb()
        days = compared_days()
        [batch] = batches(spaces_by_tile(), 500)
        assert taken.suspects(batch, days).spaces == []
        assert found() == []
        for _ in range(10):
            row = rng.choice(list(SpaceDay.objects.all()))
            place = rng.randrange(92)
            flipped = row.bits[:place] + "10"[int(row.bits[place])] + row.bits[place + 1 :]
            SpaceDay.objects.filter(pk=row.pk).update(bits=flipped)
            [one] = repaired()
            assert (one.subject, one.day, one.lane) == (row.space_id, row.day, row.lane)
            assert SpaceDay.objects.get(pk=row.pk).bits == row.bits
        assert found() == []


def test_past_taken_days_are_forgotten_and_the_others_kept(hall):
    kept = rows()
    old = a_row(hall, space_id=hall.pk)
    for days in (0, 1, 40):
        old.day = first_kept() - timedelta(days=days)
        SpaceDay.objects.bulk_create([old])
    assert trim_index(0) == 2
    assert rows() == sorted([*kept, (first_kept(), old.tile, old.space_id, old.lane, old.bits)])
    assert past.trim() == 0


def test_this_weeks_page_keeps_the_days_it_shows():
    """From its Monday on, wherever the place is."""
    for zone in ("Pacific/Noumea", "Europe/Paris", "Pacific/Tahiti"):
        today = clock.today(ZoneInfo(zone))
        assert first_kept() <= today - timedelta(days=today.weekday())


# --- Opening days appended each night ------------------------------------------------------------


def statements(run):
    with connection.execute_wrapper(lambda go, sql, *rest: seen.append(sql) or go(sql, *rest)):
        seen = []
        run()
    return [sql for sql in seen if "availability_openingyear" in sql]


def test_a_night_writes_the_missing_days_only(hall, django_assert_max_num_queries):
    calendar = hall.opening.calendar
    before = days_written(calendar)
    OpeningRule.objects.all().update(end_minute=720)  # behind the back of the index
    with clock.frozen(clock.now() + timedelta(days=4)):
        assert index_health().behind == 3
    with clock.frozen(clock.now() + timedelta(days=2)), django_assert_max_num_queries(20):
        assert extend_horizon(0) == 3
        assert extend_horizon(0) == 0
    after = days_written(calendar)
    assert {day: after[day] for day in before} == before
    assert sorted(after.keys() - before.keys()) == [
        max(before) + timedelta(days=1),
        max(before) + timedelta(days=2),
    ]


def test_a_month_is_appended_at_once(hall):
    until = clock.today(hall.place.zone) + timedelta(days=60)
    assert index_health().behind == 0
    assert opening.extend(until) == 3
    assert set(OpeningCalendar.objects.values_list("built_until", flat=True)) == {until}
    assert max(days_written(hall.opening.calendar)) == until
    assert opening.extend(until) == index_health().behind == 0
    assert found() == []


def test_school_holidays_published_later_reach_the_days_already_written(hall):
    calendar = hall.opening.calendar
    OpeningRule.objects.filter(calendar=calendar).update(when="periode_scolaire")
    opening_index.rebuild_opening(calendar)
    first = clock.today(hall.place.zone) + timedelta(days=5)
    assert first in days_written(calendar)
    SchoolHoliday.objects.create(
        zone=hall.place.commune.school_zone,
        name="Vacances annoncées",
        first_day=first,
        last_day=first + timedelta(days=6),
    )
    assert extend_horizon(0) == 3
    assert first not in days_written(calendar)
    assert first + timedelta(days=7) in days_written(calendar)
    assert found() == []


def test_loading_the_school_calendar_asks_for_it_at_once(hall):
    def asked():
        return ProcrastinateJob.objects.filter(task_name="availability.follow_holidays").count()

    load_school_holidays(force=True)
    before = asked()
    load_school_holidays(force=True)
    assert asked() == before  # nothing new
    SchoolHoliday.objects.filter(zone="A").order_by("first_day").last().delete()
    load_school_holidays(force=True)
    assert asked() == before + 1
    assert follow_holidays() == 3
    assert found() == []


def test_a_late_exception_leaves_no_hole_in_days_not_yet_written(hall):
    calendar = hall.opening.calendar
    today = clock.today(hall.place.zone)
    with clock.frozen(clock.now() + timedelta(days=10)):  # ten nights without the task
        opening_index.rebuild_opening(calendar, today + timedelta(days=38))
        days = days_written(calendar)
    assert today + timedelta(days=32) in days


def test_hours_that_say_the_same_are_not_written_again(hall):
    calendar = hall.opening.calendar
    written = statements(lambda: opening_index.rebuild_opening(calendar))
    assert [sql.split()[0] for sql in written] == ["SELECT"]
