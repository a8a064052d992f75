"""What locks say of themselves: windows and digits, for any lock."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from preau.integrations import igloohome, nuki, ttlock
from preau.integrations.locks import DAY, WindowRefused, elapsed

PARIS = ZoneInfo("Europe/Paris")
HOUR = timedelta(hours=1)
LOCKS = {
    "nuki": nuki.CAPABILITIES,
    "ttlock": ttlock.CAPABILITIES,
    "ttlock without gateway": ttlock.WITHOUT_GATEWAY,
    "igloohome": igloohome.CAPABILITIES,
}
OURS = [name for name, lock in LOCKS.items() if lock.takes_our_code]

zones = st.sampled_from([PARIS, UTC, ZoneInfo("Pacific/Marquesas"), timezone(timedelta(hours=-4))])
instants = st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1)).map(
    lambda at: at.replace(tzinfo=UTC)
)
lengths = st.timedeltas(timedelta(milliseconds=1), timedelta(days=380))
each_lock = pytest.mark.parametrize("lock", LOCKS.values(), ids=LOCKS)


@each_lock
@given(at=instants, length=lengths, zone=zones)
def test_a_window_holds_what_was_asked_and_is_one_the_lock_takes(lock, at, length, zone):
    start, end = at.astimezone(zone), (at + length).astimezone(zone)
    try:
        first, last = lock.window(start, end)
    except WindowRefused:
        assert length > lock.longest - 2 * lock.step - lock.least_days * DAY
        assume(False)
    assert first.astimezone(UTC) <= at
    assert (at + length) <= last.astimezone(UTC)
    assert lock.window(first, last) == (first, last)
    for edge in (first, last):
        past = timedelta(minutes=edge.minute, seconds=edge.second, microseconds=edge.microsecond)
        assert past % lock.step == timedelta(0)
    assert elapsed(first, last) >= lock.step
    if lock.whole_days_beyond and elapsed(first, last) > lock.whole_days_beyond:
        assert first.timetz() == last.timetz()
        assert 29 <= (last.date() - first.date()).days <= 367
    else:
        assert elapsed(first, last) < length + 2 * lock.step


@each_lock
def test_an_empty_window_is_refused(lock):
    at = datetime(2026, 11, 22, 19, tzinfo=PARIS)
    with pytest.raises(WindowRefused):
        lock.window(at, at)


def test_the_hour_that_clocks_repeat_is_an_hour():
    twice = datetime(2026, 10, 25, 2, 10, tzinfo=PARIS)
    start, end = igloohome.CAPABILITIES.window(twice, twice.replace(fold=1))
    assert (start.isoformat(), end.isoformat()) == (
        "2026-10-25T02:00:00+02:00",
        "2026-10-25T03:00:00+01:00",
    )


def test_a_long_window_ends_at_the_hour_it_starts_though_clocks_change():
    start = datetime(2026, 3, 1, 18, 20, tzinfo=PARIS)
    first, last = igloohome.CAPABILITIES.window(start, start + timedelta(days=28, hours=3))
    assert (first.isoformat(), last.isoformat()) == (
        "2026-03-01T18:00:00+01:00",
        "2026-03-30T18:00:00+02:00",
    )


def test_four_weeks_with_an_hour_more_are_29_days():
    start = datetime(2026, 10, 10, 18, tzinfo=PARIS)
    end = start + 28 * DAY
    assert elapsed(start, end) == 673 * HOUR
    assert igloohome.CAPABILITIES.window(start, end) == (start, start + 29 * DAY)


@pytest.mark.parametrize(
    ("days", "is_taken"), [(365, True), (366, True), (367, True), (368, False)]
)
def test_a_year_is_the_longest_of_a_calculated_code(days, is_taken):
    start = datetime(2026, 11, 22, 18, tzinfo=PARIS)
    if is_taken:
        assert igloohome.CAPABILITIES.window(start, start + days * DAY)[1] == start + days * DAY
    else:
        with pytest.raises(WindowRefused):
            igloohome.CAPABILITIES.window(start, start + days * DAY)


@pytest.mark.parametrize("name", OURS)
def test_codes_drawn_are_accepted_and_never_again(name):
    lock, drawn = LOCKS[name], set()
    for _ in range(200):
        code = lock.draw(drawn)
        assert lock.accepts(code)
        assert len(code) == 6
        assert code not in drawn
        drawn.add(code)


@pytest.mark.parametrize(
    ("name", "code", "is_accepted"),
    [
        ("nuki", "345678", True),
        ("nuki", "305678", False),
        ("nuki", "125678", False),
        ("nuki", "34567", False),
        ("nuki", "3456789", False),
        ("nuki", "34567a", False),
        ("nuki", "34567٣", False),
        ("ttlock", "0425", True),
        ("ttlock", "012345678", False),
        ("ttlock", "4321", False),
        ("ttlock", "7777", False),
        ("ttlock", "2468", True),
        ("ttlock", "123", False),
        ("ttlock", "1234567890", False),
        ("igloohome", "12345678", False),
    ],
)
def test_digits(name, code, is_accepted):
    assert LOCKS[name].accepts(code) is is_accepted


def test_a_lock_that_makes_its_codes_draws_none():
    with pytest.raises(ValueError, match="its own"):
        igloohome.CAPABILITIES.draw()


def test_who_can_take_back_a_code():
    revocable = {name: lock.revocable for name, lock in LOCKS.items()}
    assert revocable == {
        "nuki": True,
        "ttlock": True,
        "ttlock without gateway": False,
        "igloohome": False,
    }
    assert all(lock.needs_online is lock.revocable for lock in LOCKS.values())
