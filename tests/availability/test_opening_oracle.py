"""Opening rules against the minute-by-minute oracle, on days and zones where clocks misbehave."""

from datetime import UTC, date, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from preau.availability import bits as quarters
from preau.availability.models import OpeningException
from preau.availability.opening import DayFacts, Opening, RuleData
from preau.core.timeranges import day_period
from tests.availability import oracle

PARIS = ZoneInfo("Europe/Paris")
ZONES = [
    PARIS,
    *map(
        ZoneInfo,
        (
            "Indian/Reunion",
            "America/Martinique",
            "Pacific/Noumea",
            "Pacific/Marquesas",
            "America/Miquelon",
        ),
    ),
]
#: The four change-over Sundays of 2026–2027 (Miquelon changes on its own dates), New Year, Feb 29.
TURNING_DAYS = [
    date(2026, 3, 29),
    date(2026, 10, 25),
    date(2027, 3, 28),
    date(2027, 10, 31),
    date(2026, 3, 8),
    date(2026, 11, 1),
    date(2026, 12, 31),
    date(2027, 1, 1),
    date(2028, 2, 29),
]

days = st.sampled_from(TURNING_DAYS).flatmap(
    lambda day: st.integers(-3, 3).map(lambda n: day + timedelta(days=n))
)
minutes = st.integers(0, 95).map(lambda quarter: quarter * 15)


@st.composite
def rules(draw):
    start = draw(minutes)
    length = draw(st.integers(1, 96)) * 15
    first = draw(st.none() | days)
    return RuleData(
        weekdays=draw(st.lists(st.integers(0, 6), min_size=1, max_size=7, unique=True)),
        start_minute=start,
        end_minute=start + length,
        effect=draw(st.sampled_from(["ouvert", "ouvert", "ferme"])),
        when=draw(st.sampled_from(["toujours", "periode_scolaire", "vacances"])),
        not_on_public_holidays=draw(st.booleans()),
        valid_from=first,
        valid_until=draw(
            st.none()
            | st.integers(0, 40).map(lambda n: (first or TURNING_DAYS[0]) + timedelta(days=n))
        ),
    )


@st.composite
def exceptions(draw):
    first = draw(days)
    start = draw(minutes)
    return OpeningException(
        effect=draw(st.sampled_from(["ouvert", "ferme"])),
        first_day=first,
        last_day=first + timedelta(days=draw(st.integers(0, 4))),
        start_minute=start,
        end_minute=draw(st.integers(start // 15 + 1, 96)) * 15,
    )


@st.composite
def worlds(draw):
    first = draw(days)
    return oracle.World(
        zone=draw(st.sampled_from(ZONES)),
        rules=draw(st.lists(rules(), max_size=5)),
        exceptions=draw(st.lists(exceptions(), max_size=3)),
        school_holidays=[(first, first + timedelta(days=draw(st.integers(0, 20))))],
        public_holidays=set(draw(st.lists(days, max_size=3))),
    )


def engine_of(world):
    def on_holiday(day):
        return any(first <= day <= last for first, last in world.school_holidays)

    facts = DayFacts(world.zone, on_holiday, world.public_holidays.__contains__)
    return Opening(world.rules, world.exceptions, facts)


@settings(max_examples=400, deadline=None)
@given(world=worlds(), day=days)
@example(
    world=oracle.World(
        PARIS, [RuleData([6], 120, 180), RuleData([5], 1320, 1320 + 360)], [], [], set()
    ),
    day=date(2026, 10, 25),
)
def test_every_quarter_of_a_day_is_open_as_the_oracle_says(world, day):
    found = engine_of(world).bits(day)
    whole = day_period(day, world.zone)
    length = whole.duration // timedelta(minutes=15)
    assert found >> length == 0, "bits beyond the end of the day"
    for quarter in range(length):
        start = whole.start + quarter * timedelta(minutes=15)
        expected = oracle.period_is_open(world, start, start + timedelta(minutes=15))
        assert bool(found >> quarter & 1) == expected, (day, quarter, start)


@pytest.mark.parametrize(
    ("day", "length"), [(date(2026, 3, 29), 92), (date(2026, 10, 25), 100), (date(2026, 6, 1), 96)]
)
def test_the_two_change_over_days_have_23_and_25_hours(day, length):
    assert quarters.day_length(day, PARIS) == length


@given(bits=st.integers(0, 2**100 - 1), length=st.integers(1, 40))
def test_runs_are_found_as_by_looking_at_each_bit(bits, length):
    naive = sum(1 << p for p in range(100) if all(bits >> (p + n) & 1 for n in range(length)))
    assert quarters.runs(bits, length) == naive


@given(bits=st.integers(0, 2**100 - 1))
def test_bits_survive_the_trip_to_text_and_back(bits):
    assert quarters.from_text(quarters.to_text(bits)) == bits
    rebuilt = sum(quarters.span(a, b) for a, b in quarters.stretches(bits))
    assert rebuilt == bits == sum(1 << p for p in quarters.set_bits(bits))


@given(
    zone=st.sampled_from(ZONES),
    day=days,
    first=st.integers(0, 90),
    length=st.integers(1, 200),
)
def test_masks_cover_exactly_the_quarters_of_a_period(zone, day, first, length):
    start = quarters.instant(day, first, zone)
    end = start + length * timedelta(minutes=15)
    masks = quarters.masks(quarters.Period(start, end), zone)
    covered = sorted(
        quarters.instant(one, p, zone).astimezone(UTC)
        for one, mask in masks.items()
        for p in quarters.set_bits(mask)
    )
    assert covered == [start + n * timedelta(minutes=15) for n in range(length)]
