"""Public holidays of each département, school holidays of each zone."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from preau.territories import calendars, loading
from preau.territories.models import SchoolHoliday

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("code", "count", "day", "name"),
    [
        ("38", 11, date(2026, 7, 14), "Fête nationale"),
        ("57", 13, date(2026, 4, 3), "Vendredi saint"),
        ("67", 13, date(2026, 12, 26), "Saint-Étienne"),
        ("974", 12, date(2026, 12, 20), "Abolition de l’esclavage"),
        ("976", 12, date(2026, 4, 27), "Abolition de l’esclavage"),
        ("973", 12, date(2026, 6, 10), "Abolition de l’esclavage"),
        ("988", 12, date(2026, 9, 24), "Fête de la Citoyenneté"),
    ],
)
def test_public_holidays(code, count, day, name):
    found = calendars.public_holidays(code, 2026)
    assert len(found) == count
    assert found[day] == name
    assert calendars.is_public_holiday(code, day)
    assert list(found) == sorted(found)


def test_local_holidays_are_local():
    assert not calendars.is_public_holiday("38", date(2026, 4, 3))
    assert not calendars.is_public_holiday("38", date(2026, 12, 20))


def test_public_holidays_ask_the_database_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        calendars.public_holidays("38", 2027)


def test_the_answer_may_be_changed_without_harm():
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


def test_a_wrong_row_is_replaced():
    loading.load_school_holidays()
    SchoolHoliday.objects.filter(zone="A", first_day=date(2026, 2, 7)).update(name="Faux")
    loading.load_school_holidays(force=True)
    winter = calendars.school_holidays("A", date(2026, 2, 10), date(2026, 2, 12))
    assert winter == [(date(2026, 2, 7), date(2026, 2, 22), "Vacances d’hiver")]


@pytest.mark.parametrize("zone", ["CORSE", "REUNION", "NOUVELLE_CALEDONIE"])
def test_no_calendar_is_known_there(zone):
    loading.load_school_holidays()
    assert not calendars.zone_is_known(zone)
    assert calendars.zone_known_until(zone) is None
    assert calendars.school_holidays(zone, date(2026, 1, 1), date(2026, 12, 31)) == []


def test_the_database_refuses_overlaps_and_days_out_of_order():
    values = {"zone": "CORSE", "name": "Noël"}
    days = {"first_day": date(2026, 12, 19), "last_day": date(2027, 1, 3)}
    SchoolHoliday.objects.create(**values, **days)
    with pytest.raises(IntegrityError), transaction.atomic():
        SchoolHoliday.objects.create(**values, **days)
    with pytest.raises(IntegrityError), transaction.atomic():
        SchoolHoliday.objects.create(
            **values, first_day=date(2027, 3, 2), last_day=date(2027, 3, 1)
        )
