"""« Ouvert maintenant » against the brute force, change-over days included; and in words."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from preau.accounts.actors import SYSTEM
from preau.core import clock
from preau.directory import opening
from preau.directory.actions.hours import set_hours
from preau.directory.models import Sheet, SheetDay
from preau.directory.opening import ExceptionalDay
from preau.directory.queries.now import open_at, states_of
from preau.territories.calendars import is_public_holiday
from preau.territories.models import SchoolHoliday
from tests.availability import oracle
from tests.availability.test_opening_oracle import rules as any_rule
from tests.directory.factories import SheetFactory, line, opened

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")
TURNS = [date(2026, 3, 29), date(2026, 10, 25), date(2026, 12, 25), date(2026, 11, 20)]


@st.composite
def exceptional(draw):
    first = draw(st.sampled_from(TURNS)) + timedelta(days=draw(st.integers(-1, 1)))
    start = draw(st.integers(0, 90)) * 15
    return ExceptionalDay(
        effect=draw(st.sampled_from(["ouvert", "ferme"])),
        first_day=first,
        last_day=first + timedelta(days=draw(st.integers(0, 2))),
        start_minute=start,
        end_minute=draw(st.integers(start // 15 + 1, 96)) * 15,
    )


moments = st.builds(
    lambda day, minute: datetime(day.year, day.month, day.day, tzinfo=UTC) + minute,
    st.sampled_from(TURNS),
    st.integers(-1500, 2900).map(lambda n: timedelta(minutes=n)),
)


@settings(
    max_examples=80,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    rules=st.lists(any_rule(), max_size=4),
    exceptions=st.lists(exceptional(), max_size=2),
    moment=moments,
    zone=st.sampled_from(["Europe/Paris", "Indian/Reunion", "America/Martinique"]),
)
def test_the_list_and_the_card_say_what_the_clock_on_the_wall_says(rules, exceptions, moment, zone):
    SchoolHoliday.objects.get_or_create(
        zone="A", name="Essai", first_day=date(2026, 10, 24), last_day=date(2026, 11, 20)
    )
    world = oracle.World(
        ZoneInfo(zone),
        rules,
        exceptions,
        [(date(2026, 10, 24), date(2026, 11, 20))],
        {day for turn in TURNS for day in _around(turn) if is_public_holiday("38", day)},
    )
    with clock.frozen(moment):
        sheet = SheetFactory(time_zone=zone)
        set_hours(sheet, rules, exceptions, actor=SYSTEM)
        wanted = oracle.minute_is_open(world, moment)
        found = Sheet.objects.filter(open_at(), pk=sheet.pk).exists()
        said = states_of([sheet])[sheet.pk]
    assert found == wanted
    assert said.is_open == (wanted if rules else None if not exceptions else said.is_open)


def _around(day):
    return [day + timedelta(days=n) for n in range(-4, 5)]


def at(day, hour, minute=0):
    return datetime(2026, 11, day, hour, minute, tzinfo=PARIS)


OFFICE = (line("01234", 9, 12), line("0124", 14, 17.5))


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (at(16, 9), "Ouvert, ferme à 12 h"),
        (at(16, 12), "Fermé, ouvre à 14 h"),
        (at(16, 17, 29), "Ouvert, ferme à 17 h 30"),
        (at(16, 20), "Fermé, ouvre demain à 9 h"),
        (at(20, 18), "Fermé, ouvre lundi à 9 h"),
    ],
)
def test_a_card_says_until_when(moment, words):
    with clock.frozen(moment):
        sheet = opened(*OFFICE)
        assert states_of([sheet])[sheet.pk].words.replace("\u00a0", " ") == words


def test_a_night_and_a_place_that_never_closes():
    with clock.frozen(at(20, 23)):
        night, always, late = (
            opened(line("4", 18, 26)),
            opened(line("0123456", 0, 24, not_on_public_holidays=False)),
            opened(line("4", 18, 24)),
        )
        said = states_of([night, always, late])
    words = [said[one.pk].words.replace("\u00a0", " ") for one in (night, always, late)]
    assert words == [
        "Ouvert, ferme demain à 2 h",
        "Ouvert en continu",
        "Ouvert, ferme à minuit",
    ]


def test_without_hours_nothing_is_claimed():
    sheet = SheetFactory()
    assert states_of([sheet])[sheet.pk].is_open is None
    assert not Sheet.objects.filter(open_at()).exists()


def test_the_night_moves_the_days_forward_in_constant_queries(django_assert_num_queries):
    with clock.frozen(at(16, 3)):
        sheets = [opened(*OFFICE) for _ in range(6)]
    with clock.frozen(at(19, 3)):
        with django_assert_num_queries(8):
            written, last = opening.move_forward()
        again, _ = opening.move_forward()
    assert (last, again) == (0, 0)
    assert written > 0
    days = SheetDay.objects.filter(sheet=sheets[0]).values_list("day", flat=True)
    assert (min(days), max(days)) == (date(2026, 11, 18), date(2026, 12, 3))
