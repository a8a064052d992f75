"""The geocoder's client against a server of the same interface, its failures included."""

import pytest
from django.urls import reverse

from preau.integrations.geocoder import search
from preau.integrations.http import Rejected, Unavailable
from tests.territories.factories import CommuneFactory


def test_an_address_is_found_with_its_commune(geocoder_url):
    found = search("12 rue des Écoles Voiron", url=geocoder_url)
    assert (found.latitude, found.longitude, found.commune_code) == (45.3653, 5.5905, "38563")


@pytest.mark.parametrize("text", ["42 rue de nulle part", "rue inconnue"])
def test_nothing_or_a_doubtful_match_is_none(geocoder_url, text):
    assert search(text, url=geocoder_url) is None


@pytest.mark.parametrize("text", ["panne", "lenteur", "autre forme"])
def test_every_failure_is_said_the_same_way(geocoder_url, text):
    with pytest.raises(Unavailable) as raised:
        search(text, url=geocoder_url, timeout=0.5)
    assert text not in str(raised.value)


def test_a_text_that_it_does_not_read_is_a_no(geocoder_url):
    with pytest.raises(Rejected):
        search("x", url=geocoder_url)


def test_a_server_that_is_down_is_a_failure():
    with pytest.raises(Unavailable):
        search("12 rue des Écoles", url="http://127.0.0.1:9")


@pytest.fixture
def voiron(db):
    return CommuneFactory(
        code="38563", name="Voiron", latitude=45.36, longitude=5.59, postcodes=["38500"]
    )


def test_the_search_page_starts_from_an_address(client, settings, geocoder_url, voiron):
    settings.GEOCODER_URL = geocoder_url
    answer = client.get(reverse("find:search"), {"ou": "12 rue des Écoles Voiron"})
    criteria = answer.context["criteria"]
    assert (criteria.where.latitude, criteria.where.longitude) == (45.3653, 5.5905)
    assert "12 Rue des Écoles 38500 Voiron" in answer.content.decode()


@pytest.mark.parametrize("url", ["", "http://127.0.0.1:9"])
def test_without_the_service_the_commune_still_answers(client, settings, url, voiron):
    settings.GEOCODER_URL = url
    answer = client.get(reverse("find:search"), {"ou": "38500 Voiron"})
    assert answer.context["criteria"].commune == voiron
    answer = client.get(reverse("find:search"), {"ou": "12 rue des Écoles Voiron"})
    assert answer.status_code == 200
    assert "commune" in answer.content.decode()
