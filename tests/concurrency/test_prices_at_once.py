"""Stocks of options and free quotas under fifty real connections, and without their guards."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.db.models import Sum

from preau.accounts.actors import SYSTEM
from preau.accounts.enums import OrganizationKind
from preau.availability.actions.occupancies import Use, occupy
from preau.availability.enums import OccupancyKind
from preau.core.errors import Refusal
from preau.core.timeranges import Period
from preau.places.models import Space
from preau.pricing import actions
from preau.pricing.actions import freezing
from preau.pricing.enums import QuotaPer
from preau.pricing.models import FrozenPrice, Option, OptionTaken, Quota, QuotaUse
from preau.pricing.quotes import Wanted, payer_for
from tests.accounts.factories import OrganizationFactory, UserFactory
from tests.availability.factories import open_space
from tests.concurrency.race import race
from tests.places.factories import PlaceFactory, SpaceFactory
from tests.pricing.factories import tariff_for

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]
CLIENTS = 50
USE = Use(OccupancyKind.BOOKING, "Répétition")
NOON = datetime(2027, 3, 2, 12, tzinfo=UTC)


def rooms(number):
    """So many rooms of one place, all open: nobody waits for another's room."""
    place = PlaceFactory()
    for _ in range(number):
        open_space(SpaceFactory(place=place, price_from_cents=None))
    tariff = tariff_for(place, HOUR=1000)
    return list(Space.objects.select_related("place").filter(place=place)), tariff


def at(round_number):
    start = NOON + timedelta(days=round_number)
    return Period(start, start + timedelta(hours=2))


def books(space, payer, options=()):
    """What one client does: take a room, then its price with its options, or nothing at all."""

    def run(number):
        with transaction.atomic():
            occupancy = occupy(space, at(number), USE, actor=SYSTEM)
            return actions.freeze(space, [occupancy], payer, actor=SYSTEM, options=options)

    return run


def only_refusals(outcome, code):
    assert all(isinstance(e, Refusal) and e.code == code for e in outcome.errors), outcome.errors


def test_fifty_clients_never_take_more_than_there_is():
    spaces, _ = rooms(CLIENTS)
    podiums = Option.objects.create(
        organization=spaces[0].place.owner, place=spaces[0].place, name="Podium", stock=7
    )
    payer = payer_for(UserFactory(), None)
    for outcome in race([books(one, payer, [Wanted(podiums.pk, 2)]) for one in spaces], rounds=4):
        only_refusals(outcome, "option_gone")
        assert len(outcome.errors) == CLIENTS - 3  # 3 × 2 of 7
    assert OptionTaken.objects.count() == 3 * 4
    assert FrozenPrice.objects.count() == 3 * 4


def test_fifty_members_of_one_club_use_its_quota_once():
    spaces, tariff = rooms(CLIENTS)
    Quota.objects.create(tariff=tariff, limit=5, per=QuotaPer.YEAR)
    club = OrganizationFactory(verified=True, kind=OrganizationKind.ASSOCIATION)
    payer = payer_for(UserFactory(), club)
    [outcome] = race([books(one, payer) for one in spaces])
    assert not outcome.errors  # those who come too late pay
    assert sorted(price.total_cents for price in outcome.results) == [0] * 5 + [2000] * 45
    assert QuotaUse.objects.aggregate(used=Sum("amount"))["used"] == 5


@pytest.fixture
def without():
    """Take a guard away, and put it back."""
    taken = []

    def take(table, trigger):
        taken.append((table, trigger))
        _sql(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")

    yield take
    for table, trigger in taken:
        _sql(f"ALTER TABLE {table} ENABLE TRIGGER {trigger}")


def _sql(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_without_the_trigger_the_stock_is_passed(without):
    """Negative control: the trigger is what keeps the stock."""
    without("pricing_optiontaken", "option_stock")
    spaces, _ = rooms(10)
    podium = Option.objects.create(
        organization=spaces[0].place.owner, place=spaces[0].place, name="Podium", stock=1
    )
    payer = payer_for(UserFactory(), None)
    race([books(one, payer, [Wanted(podium.pk, 1)]) for one in spaces])
    assert OptionTaken.objects.count() > 1


def test_without_the_queue_the_trigger_still_refuses(monkeypatch):
    """The courtesy gone, somebody is refused, but the limit holds."""
    monkeypatch.setattr(freezing, "_queue", lambda space, payer: None)
    spaces, tariff = rooms(20)
    Quota.objects.create(tariff=tariff, limit=1)
    payer = payer_for(UserFactory(), None)
    [outcome] = race([books(one, payer) for one in spaces])
    only_refusals(outcome, "quota_gone")
    assert QuotaUse.objects.count() == 1


def test_without_queue_and_trigger_the_quota_is_passed(monkeypatch, without):
    """Negative control: with neither, everybody reads the same remainder."""
    monkeypatch.setattr(freezing, "_queue", lambda space, payer: None)
    without("pricing_quotause", "quota_limit")
    spaces, tariff = rooms(20)
    Quota.objects.create(tariff=tariff, limit=1)
    payer = payer_for(UserFactory(), None)
    race([books(one, payer) for one in spaces])
    assert QuotaUse.objects.count() > 1
