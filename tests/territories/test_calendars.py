"""Public holidays of each département, school holidays of each zone."""

from datetime import date
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, transaction

from preau.core.errors import Refusal
from preau.territories import actions, calendars, loading
from preau.territories.enums import HolidaySource
from preau.territories.models import SchoolHoliday
from tests.territories.factories import DepartementFactory

pytestmark = pytest.mark.django_db
NOBODY = SimpleNamespace(user_id=None, organization_id=None)


@pytest.fixture(autouse=True)
def _fresh_cache():
    calendars._subdivisions.clear()
    yield
    calendars._subdivisions.clear()


@pytest.mark.parametrize(
    ("code", "subdivision", "count", "day", "name"),
    [
        ("38", "", 11, date(2026, 7, 14), "Fête nationale"),
        ("57", "57", 13, date(2026, 4, 3), "Vendredi saint"),
        ("67", "6AE", 13, date(2026, 12, 26), "Saint-Étienne"),
        ("974", "974", 12, date(2026, 12, 20), "Abolition de l’esclavage"),
        ("976", "976", 12, date(2026, 4, 27), "Abolition de l’esclavage"),
        ("973", "973", 12, date(2026, 6, 10), "Abolition de l’esclavage"),
        ("988", "NC", 12, date(2026, 9, 24), "Fête de la Citoyenneté"),
    ],
)
def test_public_holidays(code, subdivision, count, day, name):
    DepartementFactory(code=code, holiday_subdivision=subdivision)
    found = calendars.public_holidays(code, 2026)
    assert len(found) == count
    assert found[day] == name
    assert calendars.is_public_holiday(code, day)
    assert list(found) == sorted(found)


def test_local_holidays_are_local():
    DepartementFactory(code="38")
    assert not calendars.is_public_holiday("38", date(2026, 4, 3))
    assert not calendars.is_public_holiday("38", date(2026, 12, 20))


def test_the_second_call_asks_nothing(django_assert_num_queries):
    DepartementFactory(code="38")
    calendars.public_holidays("38", 2026)
    with django_assert_num_queries(0):
        calendars.public_holidays("38", 2027)


def test_the_answer_may_be_changed_without_harm():
    DepartementFactory(code="38")
    calendars.public_holidays("38", 2026).clear()
    assert len(calendars.public_holidays("38", 2026)) == 11


def test_school_holidays_of_the_three_zones():
    assert loading.load_school_holidays()
    assert not loading.load_school_holidays()
    winter = calendars.school_holidays("A", date(2026, 2, 10), date(2026, 2, 12))
    assert winter == [(date(2026, 2, 7), date(2026, 2, 22), "Vacances d’hiver")]
    assert calendars.school_holidays("A", date(2026, 2, 23), date(2026, 4, 3)) == []
    assert calendars.school_holidays("B", date(2026, 2, 10), date(2026, 2, 12)) == []
    assert len(calendars.school_holidays("C", date(2026, 9, 1), date(2027, 8, 31))) == 6
    assert calendars.zone_is_known("A")
    assert calendars.zone_known_until("C") == date(2028, 8, 31)


def test_loading_again_changes_no_row():
    loading.load_school_holidays()
    before = list(SchoolHoliday.objects.order_by("pk").values_list())
    assert loading.load_school_holidays(force=True)
    assert list(SchoolHoliday.objects.order_by("pk").values_list()) == before


def test_a_wrong_official_row_is_replaced_and_an_entered_one_stays():
    loading.load_school_holidays()
    SchoolHoliday.objects.filter(zone="A", first_day=date(2026, 2, 7)).update(name="Faux")
    entered = enter()
    loading.load_school_holidays(force=True)
    assert not SchoolHoliday.objects.filter(name="Faux").exists()
    assert SchoolHoliday.objects.filter(pk=entered.pk).exists()


def enter(**changes):
    values = {
        "zone": "REUNION",
        "name": "Vacances d’été austral",
        "first_day": date(2026, 12, 19),
        "last_day": date(2027, 1, 24),
    }
    return actions.enter_school_holiday(actor=NOBODY, **(values | changes))


def test_an_unknown_zone_is_entered_by_hand():
    assert not calendars.zone_is_known("REUNION")
    assert calendars.zone_known_until("REUNION") is None
    holiday = enter()
    assert holiday.source == HolidaySource.ENTERED
    assert calendars.zone_is_known("REUNION")
    assert len(calendars.school_holidays("REUNION", date(2027, 1, 24), date(2027, 1, 24))) == 1
    actions.remove_school_holiday(actor=NOBODY, holiday=holiday)
    assert not calendars.zone_is_known("REUNION")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"zone": "A"}, "zone"),
        ({"first_day": date(2027, 2, 1)}, "last_day"),
        ({"first_day": date(2027, 1, 24), "last_day": date(2027, 1, 30)}, "first_day"),
    ],
)
def test_holidays_that_cannot_be_entered(changes, field):
    enter()
    with pytest.raises(Refusal) as refusal:
        enter(**changes)
    assert refusal.value.field == field


def test_official_holidays_are_not_removed_by_hand():
    holiday = SchoolHoliday.objects.create(
        zone="A",
        name="Noël",
        first_day=date(2026, 12, 19),
        last_day=date(2027, 1, 3),
        source=HolidaySource.OFFICIAL,
    )
    with pytest.raises(Refusal):
        actions.remove_school_holiday(actor=NOBODY, holiday=holiday)


def test_the_database_refuses_overlaps_and_days_out_of_order():
    values = {"zone": "CORSE", "name": "Noël", "source": HolidaySource.ENTERED}
    days = {"first_day": date(2026, 12, 19), "last_day": date(2027, 1, 3)}
    SchoolHoliday.objects.create(**values, **days)
    with pytest.raises(IntegrityError), transaction.atomic():
        SchoolHoliday.objects.create(**values, **days)
    with pytest.raises(IntegrityError), transaction.atomic():
        SchoolHoliday.objects.create(
            **values, first_day=date(2027, 3, 2), last_day=date(2027, 3, 1)
        )
