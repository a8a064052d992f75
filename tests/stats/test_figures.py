"""The figures against a count by hand, and what the page shows of them."""

import csv
import io
import random
import statistics
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction

from preau.booking.enums import UNSENT, BookingState, DateState
from preau.booking.models import Booking, BookingDate
from preau.core import clock
from preau.core.errors import Refusal
from preau.stats import actions, charts
from preau.stats.measures import measure, next_month
from preau.stats.models import MonthlyFigure
from tests.booking.factories import bookable_space, booking
from tests.places.factories import PlaceFactory
from tests.territories.factories import CommuneFactory, DepartementFactory, RegionFactory

pytestmark = pytest.mark.django_db
MONTH = date(2027, 3, 1)
#: Towns on both sides of the date line, so that a month is not the same everywhere.
TOWNS = [("38", "38185", "Europe/Paris"), ("974", "97411", "Indian/Reunion")]


def commune(code, insee, zone):
    region = RegionFactory(code=code[:3], name=f"Région {code}")
    departement = DepartementFactory(code=code, name=f"Dép {code}", region=region, time_zone=zone)
    return CommuneFactory(code=insee, name=f"Ville {code}", departement=departement, time_zone=zone)


@pytest.fixture
def spaces():
    start = datetime(2027, 1, 2, 9, tzinfo=UTC)
    with clock.frozen(start):
        return [
            bookable_space(place=PlaceFactory(commune=commune(*town), created_at=start))
            for town in TOWNS
        ]


def fill(spaces, rounds, seed):
    """Bookings asked and answered at random around the month."""
    dice = random.Random(seed)
    for index in range(rounds):
        space, start = dice.choice(spaces), dice.choice([12, 15, 20])
        minutes = index * 45_000 // rounds + dice.randrange(0, 60)
        asked = datetime(2027, 2, 26, tzinfo=UTC) + timedelta(minutes=minutes)
        try:
            with clock.frozen(asked):
                one = booking(space, days=2 + index - minutes // 1440, start=start, end=22)
        except Refusal:  # two on the same evening
            continue
        state = dice.choice([BookingState.CONFIRMED] * 3 + [BookingState.REFUSED])
        fields = {"state": state, "decided_at": asked + timedelta(minutes=dice.randrange(1, 9000))}
        if state == BookingState.REFUSED:
            fields |= {"reason": "Travaux", "ended_at": fields["decided_at"]}
        Booking.objects.filter(pk=one.pk).update(**fields)
        if dice.random() < 0.2:
            one.dates.update(state=DateState.CANCELLED, changed_at=asked)


def in_month(instant, place):
    day = instant.astimezone(ZoneInfo(place.time_zone)).date()
    return MONTH <= day < next_month(MONTH)


def by_hand():
    asked, held, minutes, delays = (defaultdict(list) for _ in range(4))
    for one in Booking.objects.exclude(state__in=UNSENT).select_related("place"):
        code = one.departement_code
        if in_month(one.requested_at, one.place):
            asked[code].append(one)
        if (
            one.decided_at
            and one.decided_at > one.requested_at
            and in_month(one.decided_at, one.place)
        ):
            delays[code].append((one.decided_at - one.requested_at).total_seconds() / 60)
    for line in BookingDate.objects.select_related("booking__place", "occupancy"):
        one = line.booking
        good = line.state == DateState.PLANNED and one.state == BookingState.CONFIRMED
        if good and in_month(line.period.start, one.place):
            held[one.departement_code].append(one.pk)
            minutes[one.departement_code].append(line.period.minutes)
    return asked, held, minutes, delays


@pytest.mark.parametrize("seed", [1, 2])
def test_a_month_counted_by_hand(spaces, seed):
    fill(spaces, 24, seed)
    asked, held, minutes, delays = by_hand()
    found = measure(MONTH)
    for code, one in found.by_departement.items():
        assert one.asked == len(asked[code])
        assert one.held == len(set(held[code]))
        assert one.minutes == sum(minutes[code])
        assert (one.places, one.spaces) == (1, 1)
        assert found.answers[code].of == len(delays[code])
        assert found.answers[code].minutes == round(statistics.median(delays[code]))
    everything = [one for some in delays.values() for one in some]
    assert found.answers[""].minutes == round(statistics.median(everything))
    assert found.by_departement


def test_only_months_that_are_over_and_once(spaces):
    fill(spaces, 12, 4)
    with clock.frozen(datetime(2027, 4, 1, 12, tzinfo=UTC)):
        assert MONTH not in actions.missing_months()
    with clock.frozen(datetime(2027, 4, 4, tzinfo=UTC)):
        assert MONTH in actions.missing_months()
        actions.write_missing()
        before = list(MonthlyFigure.objects.order_by("pk").values())
        Booking.objects.update(departement_code="974")
        assert actions.write_missing() == 0
        actions.write_month(MONTH)
    assert list(MonthlyFigure.objects.order_by("pk").values()) == before


def test_a_small_count_cannot_even_be_kept(spaces):
    with pytest.raises(IntegrityError), transaction.atomic():
        MonthlyFigure.objects.create(month=MONTH, places=1, spaces=1, asked=3, held=0, minutes=0)


def test_a_share_that_tells_a_few_is_not_given():
    assert actions.share_of(9, 10) is None
    assert actions.share_of(2, 10) is None
    assert actions.share_of(3, 4) is None
    assert actions.share_of(10, 10) == 100
    assert actions.share_of(15, 20) == 75


def write(asked, codes=("38", "974", "2A")):
    for code in codes:
        if code not in {"38", "974"}:
            commune(code, "2A004", "Europe/Paris")
    base = {"month": MONTH, "places": 3, "spaces": 5, "held": 0, "minutes": 0}
    MonthlyFigure.objects.create(**base, departement=None, asked=sum(asked))
    for code, value in zip(codes, asked, strict=True):
        MonthlyFigure.objects.create(**base, departement_id=code, asked=value)


def test_the_page_its_filter_and_its_file(client, spaces, django_assert_max_num_queries):
    write([1200, 40, 8])
    with django_assert_max_num_queries(8):
        page = client.get("/statistiques/").text
    assert "1\u00a0248" in page or "1\u202f248" in page
    assert "<svg" in page
    assert "<desc" in page
    assert "Par département, en mars 2027" in page
    one = client.get("/statistiques/?departement=974").text
    assert "Statistiques : Dép 974" in one
    rows = list(
        csv.reader(
            io.StringIO(client.get("/statistiques/preau-statistiques.csv").text), delimiter=";"
        )
    )
    assert len(rows) == 5
    assert {row[5] for row in rows[1:]} == {"1248", "1200", "40", "8"}


@pytest.mark.parametrize("query", ["departement=zz", "departement=%00", "mois=2027-99", "mois=x"])
def test_strange_questions_get_the_usual_page(client, spaces, query):
    write([10, 20, 30])
    assert client.get(f"/statistiques/?{query}").status_code == 200


def test_nothing_yet(client):
    assert "Pas encore de chiffres" in client.get("/statistiques/").text


def test_a_hidden_value_is_a_dotted_frame():
    chart = charts.bars("k", "Titre", [("01/2027", 10), ("02/2027", None)], "heures")
    assert [bar.hidden for bar in chart.bars] == [False, True]
    assert "non publié" in chart.bars[1].title
    assert charts.bars("k", "T", [], "heures").bars == []
