"""Delays in working days: week-ends, holidays, the two nights when clocks change."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from preau.core import clock
from preau.projects import working_days
from preau.territories.calendars import public_holidays

PARIS = ZoneInfo("Europe/Paris")
ISERE = SimpleNamespace(code="38", time_zone="Europe/Paris")
REUNION = SimpleNamespace(code="974", time_zone="Indian/Reunion")


def oracle(code, day, count):
    """The working days of the two years to come, counted on one's fingers."""
    worked = []
    for after in range(1, 400):
        one = day + timedelta(days=after)
        off = one.isoweekday() in (6, 7) or one in public_holidays(code, one.year)
        if not off:
            worked.append(one)
    return worked[count - 1]


@pytest.mark.parametrize("code", ["38", "67", "974"])
def test_every_day_of_two_years(code):
    for number in range(730):
        day = date(2027, 1, 1) + timedelta(days=number)
        for count in (1, 2, 5, 10):
            found = working_days.later(code, day, count)
            assert found == oracle(code, day, count)
            back = working_days.earlier(code, found, count)
            assert back <= day and working_days.later(code, back, count) == found


@pytest.mark.parametrize("place", [ISERE, REUNION])
@pytest.mark.parametrize(
    "now",
    [
        datetime(2027, 3, 27, 20, tzinfo=UTC),  # the night when clocks go forward
        datetime(2027, 3, 28, 0, 59, tzinfo=UTC),
        datetime(2027, 3, 28, 1, 1, tzinfo=UTC),
        datetime(2027, 10, 30, 22, 30, tzinfo=UTC),  # and back
        datetime(2027, 10, 31, 0, 30, tzinfo=UTC),
        datetime(2027, 10, 31, 1, 30, tzinfo=UTC),
        datetime(2027, 12, 23, 23, 30, tzinfo=UTC),
    ],
)
def test_a_delay_ends_at_six_there_on_a_working_day(place, now):
    zone = ZoneInfo(place.time_zone)
    with clock.frozen(now):
        until = working_days.deadline(place, 5)
    wall = until.astimezone(zone)
    assert (wall.hour, wall.minute) == (18, 0)
    assert wall.date() == oracle(place.code, now.astimezone(zone).date(), 5)
    half, eve = working_days.reminders(place, until, 5)
    assert [one.astimezone(zone).hour for one in (half, eve)] == [9, 9]
    assert now < half < eve < until


@pytest.mark.parametrize(("count", "expected"), [(1, 1), (2, 1), (3, 1), (4, 2), (5, 2), (10, 2)])
def test_a_short_delay_is_not_spoken_of_twice_a_day(count, expected):
    with clock.frozen(datetime(2027, 3, 10, 10, tzinfo=UTC)):
        until = working_days.deadline(ISERE, count)
    moments = working_days.reminders(ISERE, until, count)
    assert len(moments) == expected
    assert all(one < until for one in moments)
