"""The rate of a booking's tariff, and its days, follow it to what is due."""

from datetime import timedelta

import pytest
from django.urls import reverse

from preau.booking import money
from preau.booking.vat import tariffs_without_rate
from preau.payments.enums import VatRegime
from preau.payments.models import OfficePlace
from preau.payments.queries import office_of, places_of
from preau.pricing.models import Tariff
from tests.accounts.factories import sign_in
from tests.booking.factories import people
from tests.payments.factories import OfficeFactory
from tests.places.factories import PlaceFactory
from tests.pricing.factories import tariff_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def them():
    found = people()
    tariff_for(found.space, HOUR=1000)
    return found


@pytest.fixture
def office(them):
    return OfficeFactory(
        organization=them.space.place.owner, vat_regime=VatRegime.LIABLE,
        vat_number="FR12213801406", vat_rate=1000,
    )  # fmt: skip


def test_what_is_due_has_the_rate_frozen_with_the_price_and_the_days(them, office):
    Tariff.objects.update(vat_rate=550)
    one = them.book(confirmed=True)
    due = money.due_of(one)
    assert [(line.cents, line.vat_rate) for line in due.lines.all()] == [(2000, 550)]
    zone = one.place.zone
    assert (due.served_from, due.served_to) == (
        one.starts_at.astimezone(zone).date(), one.ends_at.astimezone(zone).date()
    )  # fmt: skip
    Tariff.objects.update(vat_rate=2000)
    money.ask(one, them.manager)
    assert due.lines.count() == 1


def test_until_midnight_in_paris_is_one_day(them, office):
    one = them.book(confirmed=True)
    zone = one.place.zone
    evening = one.starts_at.astimezone(zone).replace(hour=20, minute=0)
    one.starts_at = evening
    one.ends_at = (evening + timedelta(days=1)).replace(hour=0)
    money.ask(one, them.manager)
    due = money.due_of(one)
    assert due.served_from == due.served_to == evening.date()


def test_the_office_says_which_tariffs_lack_a_rate(client, them, office):
    sign_in(client, them.manager.user, them.manager.membership)
    url = reverse("payments:office", args=[office.pk])
    page = client.get(url).text
    tariff = Tariff.objects.get()
    assert "n’ont pas de taux de TVA" in page and "le taux de la régie, 10\u00a0%" in page
    assert reverse("pricing:settings", args=[tariff.pk]) in page
    Tariff.objects.update(vat_rate=0)
    assert "n’ont pas de taux de TVA" not in client.get(url).text
    Tariff.objects.update(vat_rate=None)
    office.vat_regime = VatRegime.SMALL
    office.save()
    assert "n’ont pas de taux de TVA" not in client.get(url).text


def test_only_the_tariffs_of_its_own_places_count(them, office):
    place = them.space.place
    other = OfficeFactory(organization=place.owner, is_default=False)
    second = PlaceFactory(owner=place.owner)
    tariff_for(second, name="Gymnase")
    OfficePlace.objects.create(place=second, office=other)
    for each in (place, second, PlaceFactory()):
        assert (each in places_of(office)) == (office_of(each) == office)
        assert (each in places_of(other)) == (office_of(each) == other)
    assert [one.name for one in tariffs_without_rate(office)] == ["Salle des fêtes"]
    assert [one.name for one in tariffs_without_rate(other)] == ["Gymnase"]
