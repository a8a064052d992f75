"""A limit is easy to say: the end of a day on the place's clock, never « à 14 h 37 »."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from preau.booking import money, tasks
from preau.booking.actions import progress
from preau.booking.enums import BookingState
from preau.booking.models import Booking
from preau.core import clock
from preau.core.timeranges import end_of_day, next_quarter
from tests.booking.factories import people
from tests.payments.factories import OfficeFactory
from tests.pricing.factories import tariff_for

PARIS, REUNION = ZoneInfo("Europe/Paris"), ZoneInfo("Indian/Reunion")


def limit(now, starts, days=14, zone=PARIS):
    booking = SimpleNamespace(
        starts_at=starts,
        place=SimpleNamespace(zone=zone),
        rules=SimpleNamespace(completion_days=days),
    )
    with clock.frozen(now):
        return progress.complete_by(booking).astimezone(zone)


def paris(*parts, fold=0):
    return datetime(*parts, tzinfo=PARIS, fold=fold)


@pytest.mark.parametrize(
    ("now", "starts", "days", "wanted"),
    [
        (paris(2027, 2, 17, 14, 37, 12), paris(2027, 6, 1, 18), 14, paris(2027, 3, 3, 23, 59)),
        # An hour before it begins, when that comes first.
        (paris(2027, 2, 17, 14, 37, 12), paris(2027, 2, 20, 18), 14, paris(2027, 2, 20, 17)),
        # Hardly any time: half an hour, on a quarter.
        (
            paris(2027, 2, 17, 14, 37, 12),
            paris(2027, 2, 17, 15, 30),
            14,
            paris(2027, 2, 17, 15, 15),
        ),
        (
            paris(2027, 2, 17, 14, 37, 12),
            paris(2027, 2, 17, 14, 45),
            14,
            paris(2027, 2, 17, 14, 45),
        ),
        # The days the clocks change, and as many days after each.
        (paris(2027, 3, 14, 14, 37), paris(2027, 6, 1, 18), 14, paris(2027, 3, 28, 23, 59)),
        (paris(2027, 3, 28, 1, 37), paris(2027, 6, 1, 18), 14, paris(2027, 4, 11, 23, 59)),
        (paris(2027, 10, 17, 23, 59, 59), paris(2027, 12, 1, 18), 14, paris(2027, 10, 31, 23, 59)),
        (paris(2027, 10, 31, 2, 37, fold=1), paris(2027, 12, 1, 18), 1, paris(2027, 11, 1, 23, 59)),
    ],
)
def test_the_limit_is_said_in_few_words(now, starts, days, wanted):
    assert limit(now, starts, days) == wanted


def test_the_day_is_the_places_own():
    now = datetime(2027, 2, 17, 21, 0, tzinfo=UTC)  # the 18th in La Réunion
    there = limit(now, now + timedelta(days=90), 1, REUNION)
    assert there == datetime(2027, 2, 19, 23, 59, tzinfo=REUNION)


def test_it_is_always_ahead_and_on_a_quarter_or_at_the_end_of_a_day():
    now = datetime(2027, 3, 27, 20, 0, 1, tzinfo=UTC)
    for minutes in range(0, 3 * 24 * 60, 7):
        for ahead in (0, 15, 60, 240, 6000):
            at = now + timedelta(minutes=minutes)
            found = limit(at, next_quarter(at) + timedelta(minutes=ahead), 1)
            assert found > at
            assert found.minute % 15 == 0 or (found.hour, found.minute) == (23, 59)


@pytest.mark.django_db
@pytest.mark.parametrize("day", [date(2027, 3, 28), date(2027, 10, 31)])
def test_it_ends_then_and_not_before_on_the_days_the_clocks_change(day):
    with clock.frozen(end_of_day(day, PARIS) - timedelta(days=14, hours=5)):
        them = people()
        tariff_for(them.space, HOUR=1000)
        OfficeFactory(organization=them.space.place.owner)
        one = them.book(confirmed=True, days=60)
    until = end_of_day(day, PARIS)
    assert (one.state, one.complete_by, money.due_of(one).due_by) == (
        BookingState.TO_COMPLETE, until, until
    )  # fmt: skip
    for at, state in (
        (until - timedelta(seconds=1), BookingState.TO_COMPLETE),
        (until, BookingState.EXPIRED),
    ):
        with clock.frozen(at):
            tasks.expire_requests(0)
        assert Booking.objects.get(pk=one.pk).state == state


@pytest.mark.django_db
def test_what_is_paid_afterwards_is_due_at_the_end_of_a_day():
    them = people()
    tariff_for(them.space, HOUR=1000)
    OfficeFactory(organization=them.space.place.owner, pay_when="apres")
    one = them.book(confirmed=True)
    wall = money.due_of(one).due_by.astimezone(one.place.zone)
    last = one.ends_at.astimezone(one.place.zone).date() + money.AFTERWARDS
    assert (wall.date(), wall.hour, wall.minute) == (last, 23, 59)
