"""The price for me: on each line, as a ceiling, on the page of a space."""

import pytest

from preau.accounts.enums import OrganizationKind
from preau.payments.enums import VatRegime
from preau.pricing.enums import RateUnit, Residence
from preau.pricing.models import Option, Quota, Rate
from tests.accounts.factories import (
    MembershipFactory,
    OrganizationFactory,
    UserFactory,
    sign_in,
)
from tests.find.factories import coming, free_space
from tests.find.test_pages import read, space_url
from tests.find.test_search import ask, names
from tests.payments.factories import OfficeFactory
from tests.pricing.factories import tariff_for

pytestmark = pytest.mark.django_db
EVENING = {"debut": "18:00", "fin": "20:00"}


def when():
    return {"jour": coming().isoformat(), **EVENING}


@pytest.fixture
def club(client):
    """An association of Grenoble, signed in."""

    def enter(space):
        club = OrganizationFactory(
            verified=True, kind=OrganizationKind.ASSOCIATION, commune=space.place.commune
        )
        membership = MembershipFactory(organization=club)
        return sign_in(client, membership.user, membership)

    return enter


def test_each_line_says_the_price_for_whoever_looks(client, club):
    space = free_space(1, price_from_cents=None)
    tariff = tariff_for(space, HOUR=2000)
    Rate.objects.create(
        tariff=tariff, audience="association", residence=Residence.LOCAL, unit=RateUnit.HOUR,
        amount_cents=500,
    )  # fmt: skip
    page = ask(client, **when())
    assert "40,00" in page and "Connectez-vous" in page
    page = ask(club(space), **when())
    assert "10,00" in page and "Prix calculés pour Association" in page


def test_residents_who_say_where_they_live_have_their_price(client):
    space = free_space(1, price_from_cents=None)
    tariff = tariff_for(space, HOUR=2000)
    Rate.objects.create(
        tariff=tariff, residence=Residence.LOCAL, unit=RateUnit.HOUR, amount_cents=700
    )
    user = UserFactory()
    assert "40,00" in ask(sign_in(client, user), **when())
    user.commune = space.place.commune
    user.save()
    assert "14,00" in ask(client, **when())


def test_a_ceiling_keeps_what_costs_no_more_for_me(client):
    cheap, dear = free_space(1, name="Petite", price_from_cents=None), free_space(2, name="Grande")
    unknown = free_space(3, name="Sur demande", price_from_cents=None)
    tariff_for(cheap, HOUR=1000)
    tariff_for(dear, HOUR=3000)
    free_space(4, name="Offerte", price_from_cents=0)
    assert unknown
    assert names(ask(client, **when(), prix="20")) == ["Petite", "Offerte"]
    assert names(ask(client, **when(), prix="19")) == ["Offerte"]
    assert names(ask(client, **when(), tarif="gratuit")) == ["Offerte"]
    assert names(ask(client, **when(), tarif="payant")) == ["Petite", "Grande", "Sur demande"]


def test_a_ceiling_without_a_time_asks_for_one(client):
    free_space(1)
    assert "Indiquez aussi le jour et la durée" in ask(client, prix="20")


def test_pages_by_price_skip_nothing_and_repeat_nothing(client, monkeypatch):
    monkeypatch.setattr("preau.find.prices.SCANS", (7, 7))
    expected = []
    for n in range(40):
        space = free_space(1 + n / 10, name=f"Salle {n:02}", price_from_cents=None)
        tariff_for(space, HOUR=1000 if n % 9 == 0 else 5000)
        if n % 9 == 0:
            expected.append(space.name)
    seen, url = [], None
    for _ in range(10):
        page = (
            client.get(url)
            if url
            else client.get("/trouver/", {"ou": "Grenoble", **when(), "prix": "20"})
        )
        seen += names(page.text)
        url = page.context["next_url"]
        if not url:
            break
    assert seen == expected


@pytest.mark.parametrize("number", [3, 20])
def test_queries_of_a_priced_page_do_not_grow(client, django_assert_max_num_queries, number):
    for n in range(number):
        space = free_space(1 + n / 10, price_from_cents=None)
        Quota.objects.create(tariff=tariff_for(space), limit=2, term_only=True)
    sign_in(client, UserFactory())
    asked = when()
    ask(client, **asked)
    with django_assert_max_num_queries(17):
        ask(client, **asked)
    with django_assert_max_num_queries(17):
        ask(client, **asked, prix="100")


def test_the_page_of_a_space_shows_the_grid_and_the_price_of_each_slot(client, club):
    space = free_space(1, price_from_cents=None)
    tariff = tariff_for(space, HOUR=2000, DAY=9000)
    Rate.objects.create(tariff=tariff, audience="association", unit=RateUnit.HOUR, amount_cents=300)
    Option.objects.create(
        organization=space.place.owner, place=space.place, name="Sono", amount_cents=1500
    )
    page = read(club(space), space_url(space))
    assert "Associations" in page and "90,00" in page and "Sono" in page
    assert "6,00" in page  # two hours, for them


def test_the_vat_of_a_tariff_is_said_only_where_it_is_asked(client):
    space = free_space(1, price_from_cents=None)
    tariff = tariff_for(space, HOUR=2000)
    tariff.vat_rate = 2000
    tariff.save()
    said = "dont TVA à 20 %"
    assert said not in read(client, space_url(space))
    office = OfficeFactory(organization=space.place.owner)
    page = read(client, space_url(space))
    assert said not in page and "TVA non applicable." in page
    office.vat_regime, office.vat_number, office.vat_rate = VatRegime.LIABLE, "FR1", 2000
    office.save()
    assert said in read(client, space_url(space))


def test_a_price_without_a_tariff_is_only_an_indication(client):
    free_space(1, price_from_cents=2500)
    assert "Prix sur demande" in ask(client, **when())
