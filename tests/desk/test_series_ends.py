"""When a series whose rhythm is not understood is over: it is told as long as it may still come."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st

from preau.core import clock
from preau.desk.reading.ics import occurrences
from tests.calendars.factories import event, written

NOW = datetime(2027, 3, 1, 8, tzinfo=UTC)
PLACE = SimpleNamespace(zone=ZoneInfo("Europe/Paris"))


@pytest.fixture(autouse=True, scope="module")
def _monday():
    with clock.frozen(NOW):
        yield


def is_told(*events):
    return any(one.why for one in occurrences(written(*events), PLACE))


def series(start, rule, **more):
    return event("a", start, start + timedelta(hours=1), RRULE=rule, **more)


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=HOURLY;COUNT=9",
        "FREQ=DAILY;BYHOUR=9,14;COUNT=20",
        "FREQ=WEEKLY;BYDAY=MO,TU;BYHOUR=9;COUNT=20",
        "COUNT=20;BYHOUR=9;FREQ=MONTHLY",
    ],
)
def test_ended_by_its_number_it_is_told_until_then(rule):
    assert not is_told(series(NOW - timedelta(days=1400), rule))
    assert is_told(series(NOW - timedelta(days=1), rule))
    assert is_told(series(NOW + timedelta(days=9), rule))


@pytest.mark.parametrize("year", ["1990", "1970"])
def test_begun_long_ago_too(year):
    start = datetime(int(year), 3, 5, 18, tzinfo=UTC)
    assert not is_told(series(start, "FREQ=WEEKLY;COUNT=300"))
    assert is_told(series(start, "FREQ=WEEKLY;COUNT=3000"))
    assert is_told(series(start, "FREQ=WEEKLY"))


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=HOURLY;INTERVAL=168;BYDAY=TU;COUNT=2",
        "FREQ=WEEKLY;BYDAY=MO;BYHOUR=9,14;BYSETPOS=2;COUNT=200",
        "FREQ=SOMETIMES;COUNT=2",
        "FREQ=HOURLY;COUNT=-2",
        "FREQ=HOURLY",
    ],
)
def test_where_its_end_is_not_sure_it_is_told(rule):
    assert is_told(series(NOW - timedelta(days=700), rule))


def test_its_first_day_may_begin_after_its_hour():
    start = datetime(2027, 1, 15, 18, tzinfo=UTC)
    assert is_told(series(start, "FREQ=MONTHLY;BYHOUR=6;COUNT=2"))  # 15 February and 15 March


def moved(uid, planned, to, **more):
    return event(
        uid,
        to,
        to + timedelta(hours=1),
        **{"RECURRENCE-ID;RANGE=THISANDFUTURE": f"{planned:%Y%m%dT%H%M%SZ}"},
        **more,
    )


def test_those_moved_with_one_that_is_moved():
    start = NOW - timedelta(weeks=60)
    planned = start + timedelta(weeks=1)
    over = series(start, "FREQ=WEEKLY;COUNT=10")
    assert not is_told(over, moved("a", planned, planned + timedelta(hours=2)))
    assert is_told(over, moved("a", planned, NOW - timedelta(weeks=3)))  # the others, after it
    still = series(start, "FREQ=WEEKLY;COUNT=70")
    assert is_told(still, moved("a", planned, planned + timedelta(hours=2)))
    added = over | {"RDATE": f"{NOW + timedelta(weeks=2):%Y%m%dT%H%M%SZ}"}
    assert is_told(added, moved("a", planned, planned + timedelta(hours=2)))


rules = st.builds(
    "FREQ={};INTERVAL={};COUNT={}{}".format,
    st.sampled_from(["HOURLY", "DAILY", "WEEKLY", "MONTHLY"]),
    st.sampled_from([1, 5]),  # others may never meet the hours of a day
    st.integers(1, 40),
    st.sampled_from(["", ";BYHOUR=7", ";BYHOUR=9,14,20", ";BYDAY=MO,SA;BYHOUR=6", ";BYMINUTE=0"]),
)


@given(rules, st.integers(1, 900), st.integers(0, 23))
def test_what_may_still_come_is_never_thought_over(rule, days, hour):
    """Against every time of it, one by one."""
    start = (NOW - timedelta(days=days)).replace(hour=hour)
    wall = start.astimezone(PLACE.zone).replace(tzinfo=None)
    times = list(rrulestr(rule, dtstart=wall))
    here = NOW.astimezone(PLACE.zone).replace(tzinfo=None)
    found = occurrences(written(series(start, rule)), PLACE)
    if times and times[-1] >= here:
        assert found


@pytest.mark.parametrize(
    "rule", ["FREQ=DAILY;INTERVAL=0", "FREQ=DAILY;COUNT=5;INTERVAL=00;BYMONTH=2"]
)
def test_every_zero_days_is_not_followed(rule, monkeypatch):
    """dateutil would give the same instant without end."""

    def followed(*_args, **_more):
        raise AssertionError("followed")

    monkeypatch.setattr("preau.desk.reading.ics.rrulestr", followed)
    assert is_told(series(NOW - timedelta(days=90), rule))
    since = f"{NOW:%Y%m%dT%H%M%SZ}"
    moved = event(
        "a", NOW, NOW + timedelta(hours=1), **{"RECURRENCE-ID;RANGE=THISANDFUTURE": since}
    )
    assert is_told(series(NOW - timedelta(days=90), rule), moved)
