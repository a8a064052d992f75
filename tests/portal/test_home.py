"""The home page of somebody who comes back: what is free near them, really."""

from datetime import timedelta

import pytest

from preau.core import clock
from preau.core.timeranges import Period
from tests.accounts.factories import MembershipFactory, OrganizationFactory, UserFactory, sign_in
from tests.find.factories import free_space, take
from tests.places.factories import PlaceFactory
from tests.territories.factories import CommuneFactory, DepartementFactory, RegionFactory

pytestmark = pytest.mark.django_db


def home(client):
    return client.get("/").content.decode()


@pytest.fixture
def member(client):
    return MembershipFactory(organization=OrganizationFactory(commune=CommuneFactory()))


def test_free_spaces_near_the_organisation_in_few_queries(
    client, member, django_assert_max_num_queries
):
    for number in range(12):
        free_space(number / 10, name=f"Salle {number}")
    sign_in(client, member.user, member)
    # One or two a room that has something to say on this page.
    with django_assert_max_num_queries(38):
        page = home(client)
    assert "Libre près de Grenoble" in page
    assert page.count("Prochain créneau libre") == 3
    assert "postes=" not in page


@pytest.mark.parametrize(("role", "shown"), [("gestionnaire", True), ("gardien", False)])
def test_who_may_have_projects_finds_there_how_to_file_one(client, role, shown):
    member = MembershipFactory(role=role)
    sign_in(client, member.user, member)
    assert ("Déposer un projet" in home(client)) is shown


def test_only_what_is_free_is_shown(client, member):
    space = free_space(1, name="Prise pour un mois", max_minutes=60000)
    now = clock.now().replace(minute=0, second=0, microsecond=0)
    take(space, Period(now, now + timedelta(days=40)))
    sign_in(client, member.user, member)
    assert "Libre près de" not in home(client)


def test_the_last_search_comes_first(client, member):
    rhone = DepartementFactory(code="69", name="Rhône", region=RegionFactory())
    lyon = CommuneFactory(
        code="69123", name="Lyon", departement=rhone, latitude=45.76, longitude=4.84
    )
    free_space(name="Salle lyonnaise", place=PlaceFactory(commune=lyon))
    sign_in(client, member.user, member)
    client.get("/trouver/", {"ou": "Lyon"})
    page = home(client)
    assert "Libre près de Lyon" in page
    assert "Salle lyonnaise" in page


def test_a_person_for_themself_sees_what_they_searched(client):
    free_space(1, name="Salle Olympe")
    sign_in(client, UserFactory())
    assert "Libre près de" not in home(client)
    client.get("/trouver/", {"ou": "Grenoble"})
    assert "Salle Olympe" in home(client)


def test_a_visitor_gets_no_session_for_having_searched(client):
    free_space(1)
    client.get("/trouver/", {"ou": "Grenoble"})
    assert "sessionid" not in client.cookies
    assert "Libre près de" not in home(client)


def test_a_visitor_finds_one_card_for_each_need(client):
    page = home(client)
    for words in ("Réserver un lieu", "Trouver un service près de chez soi", "Déposer un projet"):
        assert words in page
    sign_in(client, UserFactory())
    assert "De quoi avez-vous besoin" not in home(client)
