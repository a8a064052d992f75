"""The manager's desk: what waits, and who comes."""

from datetime import timedelta

import pytest
from django.urls import reverse

from preau.accounts.actors import Actor
from preau.booking.actions.dates import add_date, cancel_dates
from preau.booking.actions.rules import delegate
from preau.booking.enums import Side
from preau.core import clock
from preau.desk.actions import inventories
from preau.desk.queries.requests import PAGE, my_places, today_at
from preau.desk.queries.week import week_of_places
from preau.places.enums import PlaceRoleKind
from tests.accounts.factories import MembershipFactory, OrganizationFactory, UserFactory, sign_in
from tests.booking.factories import details, evening, held, people
from tests.desk.factories import inventory
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


def test_an_organisation_without_a_place_is_led_to_its_first(client):
    member = MembershipFactory(organization=OrganizationFactory(verified=True, name="Les Voisins"))
    sign_in(client, member.user, member)
    page = text(client.get(reverse("desk:today")))
    assert "Commencez par un lieu" in page and "Les Voisins n’a pas encore de lieu." in page
    assert reverse("places:create") in page and "Réglages" not in page
    offices = text(client.get(reverse("payments:offices")))
    assert reverse("places:create") in offices
    assert reverse("payments:create_office") not in offices


def test_a_stand_in_sees_the_requests_while_who_is_away_decides(here):
    deputy, today = UserFactory(), clock.today(here.space.place.zone)
    delegate(here.space.place, deputy, today, today, actor=here.manager)
    assert my_places(Actor(type(deputy).objects.get(pk=deputy.pk))) == [here.space.place]
    here.manager.membership.ended_at = clock.now()
    here.manager.membership.save()
    assert my_places(Actor(type(deputy).objects.get(pk=deputy.pk))) == []


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
    assert url("page", one) not in page, "counted in a line: they cannot answer it"
    assert "1\u00a0demande attend l’accord d’un gestionnaire." in page
    assert "à traiter" not in page
    assert page.index("aujourd’hui</h2>") < page.index("en attente</h2>")
    listed = text(client.get(reverse("desk:requests")))
    assert url("page", one) in listed and url("accept", one) not in listed
    assert "à traiter" not in text(client.get("/"))


def test_the_week_says_how_much_of_each_place_is_taken(
    manager, here, django_assert_max_num_queries
):
    one = here.book(days=8, confirmed=True)
    here.book(days=8, start=10, end=12)  # still waiting
    with clock.frozen(one.period.start - timedelta(hours=3)):
        (week,) = manager.get(reverse("desk:today")).context["weeks"]
        assert (week.place, week.taken) == (here.space.place, 120)
        assert week.opened == 7 * 24 * 60
        assert week.percent == 1
    with django_assert_max_num_queries(3):
        week_of_places([here.space.place] * 5)


def test_the_next_request_is_one_tap_away_once_this_one_is_answered(client, manager, here):
    first, second = here.book(days=3), here.book(days=9)
    assert "Demande suivante" not in text(manager.get(url("page", first)))
    page = text(manager.post(url("accept", first), follow=True))
    assert "Demande suivante" in page
    assert url("page", second) in page
    assert "Demande suivante" not in text(manager.post(url("accept", second), follow=True))
    sign_in(client, here.occupant.user)
    assert "Demande suivante" not in text(client.get(url("page", first)))


def test_damage_is_said_on_the_booking(client, manager, here):
    one = here.book(confirmed=True)
    found = inventory(here, one)
    item = found.items[0] | {"state": "abime", "remark": "Une vitre fendue"}
    inventories.write(found, [item, *found.items[1:]], "", actor=here.manager)
    assert "Une vitre fendue" in text(manager.get(url("page", one)))
    sign_in(client, here.occupant.user)
    assert "Une vitre fendue" in text(client.get(url("page", one)))


def test_each_date_of_a_series_arrives_on_its_day(here):
    """Only the second one, today; not the first one, past, nor one cancelled."""
    booking = here.book(days=2, confirmed=True)
    today = evening(here.space, days=9)
    add_date(booking, here.space, today, actor=here.manager)
    gone = evening(here.space, days=9, start=8, end=10)
    gone = add_date(booking, here.space, gone, actor=here.manager)
    cancel_dates(booking, [gone.pk], "Travaux", side=Side.MANAGER, actor=here.manager)
    with clock.frozen(today.start - timedelta(hours=3)):
        arrivals = today_at([here.space.place]).arrivals
    assert [(one.booking, one.period) for one in arrivals] == [(booking, today)]
