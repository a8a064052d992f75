"""Each service in turn down, slow and lying: pages answer, say what to do, and the operator sees it."""

import time

import pytest
from django.urls import reverse

from preau.accounts.enums import MembershipRole
from preau.outside import addresses, companies
from preau.outside.calls import FAILURES_TO_PAUSE
from preau.outside.models import ServiceState
from preau.resources import mirror
from tests.accounts.factories import MembershipFactory, OrganizationFactory, UserFactory, sign_in
from tests.integrations.misbehaving import door, running
from tests.territories.factories import CommuneFactory

pytestmark = pytest.mark.django_db
NOWHERE = "http://127.0.0.1:9"
#: Seconds: a page that waits for a service, one that does not ask it, and what machines under load add.
CLICK, PAUSED, LOAD = 3.0, 1.0, 1.0
#: What happens, and what the operator reads of it.
BAD_DAYS = {
    "down": "Ne répond pas",
    "slow?seconds=30": "Ne répond pas",
    "html": "Ne répond pas",
    "truncated": "Ne répond pas",
    "401": "Refuse la clé",
    "429?after=60": "Demande d’attendre",
    "500": "Ne répond pas",
}


@pytest.fixture(scope="module")
def fakes():
    with (
        running("fakes.geocoder") as geocoder,
        running("fakes.companies") as register,
        running("fakes.aides_territoires") as aids,
    ):
        yield {addresses.KEY: geocoder, companies.KEY: register, mirror.KEY: aids}


@pytest.fixture
def manager():
    CommuneFactory(code="38563", name="Voiron", postcodes=["38500"])
    town = OrganizationFactory()
    return MembershipFactory(organization=town, role=MembershipRole.ADMINISTRATOR)


@pytest.fixture
def spoil(fakes, settings):
    """The three services, one of them on a bad day."""
    settings.GEOCODER_URL = fakes[addresses.KEY]
    settings.COMPANIES_URL = fakes[companies.KEY]
    settings.AIDES_TERRITOIRES = {"url": fakes[mirror.KEY], "key": "a-key-of-tests"}

    def one(key, day):
        if day != "down":
            door(fakes[key], f"/_mood/{day}")
        elif key == mirror.KEY:
            settings.AIDES_TERRITOIRES = {"url": NOWHERE, "key": "a-key-of-tests"}
        else:
            name = {addresses.KEY: "GEOCODER_URL", companies.KEY: "COMPANIES_URL"}[key]
            setattr(settings, name, NOWHERE)

    yield one
    for url in fakes.values():
        door(url, "/_mood/none")


def _search(client):
    return client.get(reverse("find:search"), {"ou": "12 rue des Écoles"})


def _locate(client):
    typed = {"locate": "1", "address": "12 rue des Écoles", "commune": "Voiron"}
    return client.post(reverse("places:create"), typed)


def _fill(client):
    return client.post(
        reverse("accounts:organization_create"), {"fill": "vide", "siret": "21380563300012"}
    )


#: Who asks what, by the service it leans on, and the one sentence that says what to do.
CLICKS = [
    (addresses.KEY, _search, "La recherche d’adresses ne répond pas en ce moment. Écrivez la"),
    (addresses.KEY, _locate, "Écrivez la position vous-même"),
    (companies.KEY, _fill, "ne répond pas en ce moment : remplissez à la main"),
]


def _timed(ask, client):
    began = time.monotonic()
    answer = ask(client)
    assert answer.status_code == 200
    return answer.content.decode().replace("\xa0", " "), time.monotonic() - began


@pytest.mark.parametrize("day", BAD_DAYS)
@pytest.mark.parametrize(("key", "ask", "said"), CLICKS)
def test_a_click_is_answered_in_time_with_what_to_do(client, manager, spoil, key, ask, said, day):
    sign_in(client, manager.user, manager)
    ask(client)  # templates and communes are read once for all
    ServiceState.objects.all().delete()
    companies.CompanyCard.objects.all().delete()
    spoil(key, day)
    for _ in range(FAILURES_TO_PAUSE if day in {"down", "500"} else 1):
        page, seconds = _timed(ask, client)
        assert page.count(said) >= 1
        assert seconds < (PAUSED if ask is _search else CLICK) + LOAD
    state = ServiceState.objects.get(service=key)
    assert state.failures
    if state.paused_until:
        page, seconds = _timed(ask, client)
        assert said in page
        assert seconds < PAUSED


@pytest.mark.parametrize("day", BAD_DAYS)
@pytest.mark.parametrize("key", [addresses.KEY, companies.KEY, mirror.KEY])
def test_the_operator_tries_it_and_reads_why(client, spoil, key, day, monkeypatch):
    monkeypatch.setattr(mirror, "TRIAL_SECONDS", 1.0)
    sign_in(client, UserFactory(is_operator=True))
    spoil(key, day)
    began = time.monotonic()
    answer = client.post(reverse("connectors:try", args=[key]), follow=True)
    assert time.monotonic() - began < 2 * CLICK + LOAD
    page = answer.content.decode().replace("\xa0", " ")
    assert BAD_DAYS[day] in page
    assert "Aucun échec depuis un mois" not in page
    home = client.get(reverse("connectors:services")).content.decode()
    assert ("En pause" in home) == (day in {"401", "429?after=60"})


@pytest.mark.parametrize("key", [addresses.KEY, companies.KEY, mirror.KEY])
def test_on_a_good_day_a_try_says_so(client, spoil, key):
    sign_in(client, UserFactory(is_operator=True))
    answer = client.post(reverse("connectors:try", args=[key]), follow=True)
    page = answer.content.decode()
    assert "répond." in page
    assert "En service" in page
