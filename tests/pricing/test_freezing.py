"""Prices once frozen: what they take is taken once, and given back."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from preau.accounts.actors import SYSTEM
from preau.accounts.enums import OrganizationKind
from preau.availability.actions.occupancies import Use, move, occupy, release
from preau.availability.enums import OccupancyKind
from preau.core.errors import Refusal
from preau.core.timeranges import Period
from preau.pricing import actions
from preau.pricing.enums import OptionUnit, QuotaKind, QuotaPer, RateUnit, Residence
from preau.pricing.models import (
    FrozenPrice,
    Option,
    Quota,
    QuotaUse,
    Rate,
    Tariff,
    TariffAssignment,
)
from preau.pricing.queries import cancellation_fee
from preau.pricing.quotes import Wanted, payer_for, quote, quotes_for
from tests.accounts.factories import OrganizationFactory, UserFactory
from tests.availability.factories import open_space
from tests.places.factories import SpaceFactory

pytestmark = pytest.mark.django_db


def priced_space(**rates):
    space = SpaceFactory(price_from_cents=None)
    open_space(space)
    tariff = Tariff.objects.create(organization=space.place.owner, name="Salle des fêtes")
    TariffAssignment.objects.create(tariff=tariff, place=space.place)
    for unit, cents in (rates or {"HOUR": 1000, "DAY": 6000}).items():
        Rate.objects.create(tariff=tariff, unit=RateUnit[unit], amount_cents=cents)
    return space, tariff


def local_club(space):
    return OrganizationFactory(
        verified=True, kind=OrganizationKind.ASSOCIATION, commune=space.place.commune
    )


def at(day, hour=10, hours=2):
    start = datetime(2027, 3, day, hour - 1, tzinfo=UTC)  # Paris is one hour ahead in March
    return Period(start, start + timedelta(hours=hours))


def taken(space, period):
    return occupy(space, period, Use(OccupancyKind.BOOKING, "Répétition"), actor=SYSTEM)


def freeze(space, occupancies, payer, **more):
    return actions.freeze(space, occupancies, payer, actor=SYSTEM, **more)


def test_a_price_is_frozen_with_its_lines_and_parts():
    space, tariff = priced_space()
    dates = [taken(space, at(2)), taken(space, at(3, hours=8))]
    price = freeze(space, dates, payer_for(UserFactory(), None))
    assert price.total_cents == 2000 + 6000
    assert [line["amount_cents"] for line in price.lines] == [6000, 2000]
    assert (price.amount_of(dates[0].pk), price.amount_of(dates[1].pk)) == (2000, 6000)
    assert price.tariff == tariff
    with pytest.raises(IntegrityError), transaction.atomic():
        FrozenPrice.objects.filter(pk=price.pk).update(total_cents=1)


def test_free_bookings_run_out_and_come_back():
    space, tariff = priced_space()
    Quota.objects.create(
        tariff=tariff,
        audience="association",
        residence=Residence.LOCAL,
        limit=2,
        kind=QuotaKind.COUNT,
        per=QuotaPer.YEAR,
    )
    payer = payer_for(UserFactory(), local_club(space))
    first = taken(space, at(2))
    price = freeze(space, [first], payer)
    assert price.total_cents == 0
    assert "1re réservation gratuite sur 2 en 2027." in price.lines[-1]["explanation"]
    both = [taken(space, at(3)), taken(space, at(4))]
    assert freeze(space, both, payer).total_cents == 2000  # one free, one paid
    actions.give_back(price, [first], actor=SYSTEM)
    assert quote(space, [at(5)], payer).total_cents == 0
    release(both[0], actor=SYSTEM)  # released without a word: it counts no more either
    assert quote(space, [at(5), at(6)], payer).total_cents == 0
    assert quote(space, [at(5)], payer_for(None, None)).total_cents == 2000


def test_an_amendment_takes_again_what_it_replaces():
    space, tariff = priced_space()
    Quota.objects.create(tariff=tariff, limit=120, kind=QuotaKind.MINUTES, per=QuotaPer.WEEK)
    payer = payer_for(UserFactory(), None)
    date = taken(space, at(2))
    price = freeze(space, [date], payer)
    assert price.total_cents == 0
    move(date, at(2, hours=3), actor=SYSTEM)
    amended = freeze(space, [date], payer, replaces=price)
    assert (amended.total_cents, amended.difference_cents) == (1000, 1000)
    assert QuotaUse.objects.filter(released_at=None).count() == 1


def test_an_option_runs_out_at_each_instant_and_follows_its_occupancy():
    space, _ = priced_space()
    other = SpaceFactory(place=space.place)
    open_space(other)
    stage = Option.objects.create(
        organization=space.place.owner,
        place=space.place,
        name="Podium",
        stock=2,
        unit=OptionUnit.DAY,
        amount_cents=5000,
    )
    payer = payer_for(UserFactory(), None)
    here, there = taken(space, at(2)), taken(other, at(2, hour=11))
    price = freeze(space, [here], payer, options=[Wanted(stage.pk, 1)])
    assert price.total_cents == 2000 + 5000
    with pytest.raises(Refusal) as refused:
        freeze(other, [there], payer, options=[Wanted(stage.pk, 2)])
    assert refused.value.code == "option_gone"
    later = taken(other, at(2, hour=14))
    freeze(other, [later], payer, options=[Wanted(stage.pk, 2)])
    with pytest.raises(IntegrityError), transaction.atomic():
        move(here, at(2, hour=14), actor=SYSTEM)
    actions.give_back(price, [here], actor=SYSTEM)
    move(here, at(2, hour=14), actor=SYSTEM)


def test_dearer_than_shown_is_refused():
    space, _ = priced_space()
    with pytest.raises(Refusal) as refused:
        freeze(space, [taken(space, at(2))], payer_for(None, None), agreed_cents=1999)
    assert refused.value.code == "price_changed"


def test_a_manager_sets_the_price():
    space, tariff = priced_space()
    tariff.rates.all().delete()
    dates = [taken(space, at(day)) for day in (2, 3, 4)]
    price = freeze(space, dates, payer_for(UserFactory(), None))
    assert price.is_on_request
    decided = actions.decide(price, 10000, "Tarif voté pour la fête.", actor=SYSTEM)
    assert decided.replaces == price and sorted(decided.amounts.values()) == [3333, 3333, 3334]


@pytest.mark.parametrize(
    ("hours_left", "fee"), [(200, 0), (168, 0), (167, 1000), (49, 1000), (47, 2000), (-1, 2000)]
)
def test_cancellation_fee_follows_the_tiers(hours_left, fee):
    tiers = [{"hours_before": 168, "fee_percent": 50}, {"hours_before": 48, "fee_percent": 100}]
    price = FrozenPrice(terms={"cancellation": tiers})
    start = datetime(2027, 3, 2, 9, tzinfo=UTC)
    assert cancellation_fee(price, start, 2000, start - timedelta(hours=hours_left)) == fee


def test_many_spaces_are_priced_in_a_constant_number_of_queries(django_assert_num_queries):
    spaces = []
    for _ in range(6):
        space, tariff = priced_space()
        Quota.objects.create(tariff=tariff, limit=1, per=QuotaPer.WEEK, term_only=True)
        spaces.append(space)
    payer = payer_for(UserFactory(), None)
    with django_assert_num_queries(5):
        assert all(found.is_free for found in quotes_for(spaces, at(2), payer).values())


def test_spaces_of_one_tariff_are_computed_once(monkeypatch):
    from preau.pricing import quotes
    from tests.places.factories import SpaceFactory
    from tests.pricing.factories import tariff_for

    computed = []
    compute = quotes.compute
    monkeypatch.setattr(quotes, "compute", lambda *a: computed.append(a) or compute(*a))
    first = SpaceFactory()
    tariff_for(first.place, HOUR=1000)
    spaces = [first, *(SpaceFactory(place=first.place) for _ in range(4))]
    payer = payer_for(UserFactory(), None)
    found = quotes_for(spaces, at(2), payer)
    assert len(computed) == 1
    assert {one.total_cents for one in found.values()} == {
        quotes.quote(first, [at(2)], payer).total_cents
    }


def test_a_frozen_price_keeps_the_rate_of_vat_it_had():
    space, tariff = priced_space()
    Tariff.objects.filter(pk=tariff.pk).update(vat_rate=2000)
    before = freeze(space, [taken(space, at(2))], payer_for(UserFactory(), None))
    Tariff.objects.filter(pk=tariff.pk).update(vat_rate=1000)
    after = freeze(space, [taken(space, at(3))], payer_for(UserFactory(), None))
    decided = actions.decide(before, 500, "convenu", actor=SYSTEM)
    before.refresh_from_db()
    rates = [one.terms["vat_rate"] for one in (before, after, decided)]
    assert rates == [2000, 1000, 2000]
