"""« Trouver la position »: an address's place on the map, on a click, and by hand otherwise."""

import pytest
from django.urls import reverse

from preau.accounts.enums import MembershipRole
from preau.places.models import Place
from tests.accounts.factories import MembershipFactory, OrganizationFactory, sign_in
from tests.integrations.misbehaving import door, running
from tests.places.factories import PlaceFactory
from tests.territories.factories import CommuneFactory

pytestmark = pytest.mark.django_db
NEW = reverse("places:create")


@pytest.fixture(scope="session")
def fake():
    with running("fakes.geocoder") as address:
        yield address


@pytest.fixture
def geocoder(fake, settings):
    settings.GEOCODER_URL = fake
    yield fake
    door(fake, "/_mood/none")


@pytest.fixture
def manager(client):
    commune = CommuneFactory(code="38563", name="Voiron", postcodes=["38500"])
    town = OrganizationFactory(commune=commune)
    membership = MembershipFactory(organization=town, role=MembershipRole.ADMINISTRATOR)
    sign_in(client, membership.user, membership)
    return membership


def _read(answer):
    assert answer.status_code == 200
    return answer.content.decode().replace("\xa0", " ")


def _located(client, **typed):
    return _read(client.post(NEW, {"locate": "1", **typed}))


def test_an_address_gives_its_position_and_saves_nothing(client, manager, geocoder):
    page = _located(client, address="12 rue des Écoles", commune="Voiron", name="Salle")
    assert 'value="45.365300, 5.590500"' in page
    assert 'value="38500"' in page
    assert 'value="Salle"' in page
    assert not Place.objects.exists()


def test_a_position_that_was_typed_is_shown_when_it_is_replaced(client, manager, geocoder):
    page = _located(client, address="12 rue des Écoles", commune="Voiron", position="45, 5")
    assert "Elle remplace « 45, 5 »" in page


@pytest.mark.parametrize(
    ("address", "said"),
    [("", "Écrivez d’abord l’adresse"), ("chemin perdu", "Nous ne trouvons pas")],
)
def test_when_it_is_not_found_it_is_said(client, manager, geocoder, address, said):
    assert said in _located(client, address=address, commune="Voiron")


@pytest.mark.parametrize("mood", ["html", "truncated", "401", "429", "500"])
def test_whatever_the_service_answers_the_page_does(client, manager, geocoder, mood):
    door(geocoder, f"/_mood/{mood}")
    page = _located(client, address="12 rue des Écoles", commune="Voiron")
    assert "ne répond pas en ce moment" in page
    assert 'value="12 rue des Écoles"' in page


def test_an_existing_place_is_moved_once_it_is_kept(client, manager, geocoder):
    place = PlaceFactory(owner=manager.organization, commune=manager.organization.commune)
    url = reverse("places:edit_address", args=[place.pk])
    typed = {"address": "12 rue des Écoles", "commune": "Voiron", "postcode": "38500"}
    answer = client.post(url, {"locate": "1", **typed})
    assert "Position trouvée" in _read(answer)
    answer = client.post(url, answer.context["form"].initial)
    assert answer.status_code == 302
    place.refresh_from_db()
    assert (place.latitude, place.longitude) == (45.3653, 5.5905)


def test_without_the_setting_there_is_no_button(client, manager):
    assert "Trouver la position" not in _read(client.get(NEW))
