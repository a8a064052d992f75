"""The manager's desk: what waits, and who comes."""

from datetime import timedelta

import pytest
from django.urls import reverse

from preau.core import clock
from preau.desk.queries.requests import PAGE
from preau.places.enums import PlaceRoleKind
from tests.accounts.factories import MembershipFactory, OrganizationFactory, UserFactory, sign_in
from tests.booking.factories import details, held, people
from tests.places.factories import PlaceRoleFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def here():
    return people(name="Salle Olympe-de-Gouges")


@pytest.fixture
def manager(client, here):
    return sign_in(client, here.manager.user, here.manager.membership)


def url(name, booking):
    return reverse(f"booking:{name}", args=[booking.reference])


def text(response):
    return response.content.decode()


def test_today_shows_what_waits(manager, here):
    waiting = here.book(days=3)
    page = text(manager.get(reverse("desk:today")))
    assert "1\u00a0demande à traiter" in page
    assert url("page", waiting) in page
    assert url("accept", waiting) in page
    assert "Répétition de la chorale" in page


def test_arrivals_of_today_carry_a_telephone_link(manager, here):
    one = here.book(days=1, confirmed=True)
    with clock.frozen(one.period.start - timedelta(hours=3)):
        page = text(manager.get(reverse("desk:today")))
    assert "1\u00a0arrivée aujourd’hui" in page
    assert 'href="tel:0476000000"' in page


def test_a_person_without_a_place_is_told_so(client):
    sign_in(client, UserFactory())
    assert "Aucun lieu à gérer" in text(client.get(reverse("desk:today")))
    assert text(client.get(reverse("desk:requests"))).count("<option") > 1


def test_the_list_has_filters_and_keyset_pages(manager, here):
    for number in range(PAGE + 2):
        here.book(days=2 + number)
    first = manager.get(reverse("desk:requests"))
    assert len(first.context["page"].bookings) == PAGE
    second = manager.get(reverse("desk:requests") + first.context["next"])
    assert len(second.context["page"].bookings) == 2
    shown = [b.pk for r in (first, second) for b in r.context["page"].bookings]
    assert len(set(shown)) == PAGE + 2
    everything = manager.get(reverse("desk:requests"), {"etat": "toutes"})
    rest = manager.get(reverse("desk:requests") + everything.context["next"])
    assert len(rest.context["page"].bookings) == 2
    odd = {"etat": "n’importe", "lieu": "-1", "apres": "x-99999999999999999999"}
    assert manager.get(reverse("desk:requests"), odd).status_code == 200


def test_the_list_costs_the_same_whatever_its_length(manager, here, django_assert_max_num_queries):
    here.book(days=2)
    with django_assert_max_num_queries(12) as few:
        manager.get(reverse("desk:requests"))
    for number in range(8):
        here.book(days=3 + number)
    with django_assert_max_num_queries(12) as many:
        manager.get(reverse("desk:requests"))
    assert len(few) == len(many)


def test_what_is_missing_is_said(manager, here):
    here.book(typed=details(contact_phone=""))
    page = text(manager.get(reverse("desk:requests")))
    assert "Il manque le téléphone" in page


def test_slots_being_filled_in_are_nobody_s_business(manager, here):
    one = held(here.space)
    assert one.reference not in text(manager.get(reverse("desk:requests"), {"etat": "toutes"}))
    assert manager.post(url("accept", one)).status_code == 404


def test_a_role_on_the_place_is_enough_and_others_see_nothing(client, here):
    one = here.book()
    head = PlaceRoleFactory(place=here.space.place, role=PlaceRoleKind.HEAD_OF_SCHOOL).user
    sign_in(client, head)
    page = text(client.get(reverse("desk:requests")))
    assert url("accept", one) in page
    stranger = MembershipFactory(organization=OrganizationFactory(verified=True))
    sign_in(client, stranger.user, stranger)
    assert one.reference.lower() not in text(client.get(reverse("desk:requests"))).lower()
    assert client.post(url("accept", one)).status_code == 403


def test_a_caretaker_sees_requests_without_the_buttons(client, here):
    one = here.book()
    caretaker = PlaceRoleFactory(place=here.space.place).user
    sign_in(client, caretaker)
    page = text(client.get(reverse("desk:today")))
    assert url("page", one) in page
    assert url("accept", one) not in page
    assert "à traiter" not in page
    assert page.index("aujourd’hui</h2>") < page.index("en attente</h2>")
    assert "à traiter" not in text(client.get("/"))
