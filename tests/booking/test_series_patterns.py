"""The rhythm against a loop over every day, and its hours on the change-over days."""

import random
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from preau.booking.enums import Frequency
from preau.booking.patterns import DayNames, Pattern, Why

PARIS = ZoneInfo("Europe/Paris")


def brute_force(pattern):
    """Every day between the two, kept if the rule, read literally, wants it."""
    found, day = [], pattern.first_day
    while day <= pattern.last_day:
        if day.weekday() == pattern.first_day.weekday() and wanted(pattern, day):
            found.append(day)
        day += timedelta(days=1)
    return found


def wanted(pattern, day):
    weeks = (day - pattern.first_day).days // 7
    if pattern.frequency == Frequency.WEEKLY:
        return True
    if pattern.frequency == Frequency.FORTNIGHTLY:
        return weeks % 2 == 0
    before = sum(1 for n in range(1, day.day) if day.replace(day=n).weekday() == day.weekday())
    first = pattern.first_day
    rank = sum(1 for n in range(1, first.day) if first.replace(day=n).weekday() == day.weekday())
    if rank == 4:  # a fifth stands for the last
        return (day + timedelta(days=7)).month != day.month
    return before == rank


@pytest.mark.parametrize("seed", range(300))
def test_the_days_are_those_of_a_loop_over_every_day(seed):
    rng = random.Random(seed)
    first = date(2026, 1, 1) + timedelta(days=rng.randrange(1200))
    last = first + timedelta(days=rng.randrange(400))
    pattern = Pattern(rng.choice(list(Frequency)), first, last, 18 * 60, 120)
    assert pattern.days() == brute_force(pattern)


@pytest.mark.parametrize("seed", range(60))
def test_what_is_skipped_says_why_and_the_rest_is_whole(seed):
    rng = random.Random(seed)
    first = date(2026, 9, 1) + timedelta(days=rng.randrange(30))
    school = {first + timedelta(days=n) for n in range(300) if rng.random() < 0.3}
    public = {first + timedelta(days=n) for n in range(300) if rng.random() < 0.1}
    names = DayNames(
        school=lambda day: "Toussaint" if day in school else "",
        public=lambda day: "Armistice" if day in public else "",
    )
    skips = {
        "skips_school_holidays": rng.random() < 0.5,
        "skips_public_holidays": rng.random() < 0.5,
    }
    until = first + timedelta(days=290)
    pattern = Pattern(Frequency.WEEKLY, first, until, 18 * 60, 120, **skips)
    found = pattern.occurrences(PARIS, names)
    assert [one.day for one in found] == brute_force(pattern)
    for one in found:
        away = skips["skips_school_holidays"] and one.day in school
        off = skips["skips_public_holidays"] and one.day in public
        expected = Why.SCHOOL_HOLIDAY if away else Why.PUBLIC_HOLIDAY if off else None
        assert one.why == expected
        assert (one.period is None) == bool(expected)


def test_the_hours_on_the_wall_stay_over_both_change_over_days():
    pattern = Pattern(Frequency.WEEKLY, date(2026, 9, 1), date(2027, 6, 30), 18 * 60, 120)
    for one in pattern.occurrences(PARIS):
        start, end = (at.astimezone(PARIS) for at in (one.period.start, one.period.end))
        assert (f"{start:%H:%M}", f"{end:%H:%M}", start.date()) == ("18:00", "20:00", one.day)


def test_a_night_is_a_night_though_it_lasts_nine_hours_in_october():
    """22:00 to 06:00 on Saturdays: on the wall every time, whatever the sun does."""
    pattern = Pattern(Frequency.WEEKLY, date(2026, 10, 17), date(2026, 10, 31), 22 * 60, 480)
    lasts = [one.period.minutes for one in pattern.occurrences(PARIS)]
    assert lasts == [480, 540, 480]
    assert {f"{o.period.end.astimezone(PARIS):%H:%M}" for o in pattern.occurrences(PARIS)} == {
        "06:00"
    }


def test_hours_that_do_not_exist_are_skipped_and_say_so():
    """Sunday 28 March 2027, 02:30 to 03:00: the clock jumps over them."""
    pattern = Pattern(Frequency.WEEKLY, date(2027, 3, 21), date(2027, 4, 4), 150, 30)
    whys = [one.why for one in pattern.occurrences(PARIS)]
    assert whys == [None, Why.NO_SUCH_HOUR, None]


def test_the_second_tuesday_and_the_last_friday_of_the_month():
    second = Pattern(Frequency.MONTHLY, date(2026, 9, 8), date(2026, 12, 31), 0, 60)
    assert [f"{day:%d/%m}" for day in second.days()] == ["08/09", "13/10", "10/11", "08/12"]
    last = Pattern(Frequency.MONTHLY, date(2026, 10, 30), date(2027, 1, 31), 0, 60)
    assert [f"{day:%d/%m}" for day in last.days()] == ["30/10", "27/11", "25/12", "29/01"]
