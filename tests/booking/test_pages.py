"""The booking's own page, what the occupant does there, and « Mes réservations »."""

import uuid
from datetime import timedelta

import icalendar
import pytest
from django.urls import reverse

from preau.accounts.actions import leave
from preau.accounts.actors import Actor
from preau.accounts.enums import MembershipRole
from preau.booking.actions import requests
from preau.booking.actions.steps import Details
from preau.booking.enums import BookingState, Side
from preau.conversations.models import Message
from preau.core import clock
from preau.places.enums import PlaceRoleKind
from tests.accounts.factories import MembershipFactory, UserFactory, sign_in
from tests.booking.factories import booking, details, evening, people
from tests.booking.test_journey import TYPED, url
from tests.places.factories import PlaceRoleFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def them():
    return people()


@pytest.fixture
def occupant_page(client, them):
    sign_in(client, them.occupant.user)
    return client


def read(client, one, name="page"):
    response = client.get(url(name, one))
    assert response.status_code == 200
    return response.content.decode()


# --- Who reads it


def test_a_visitor_is_asked_to_sign_in(client, them):
    assert "/connexion/" in client.get(url("page", them.book())).url


def test_a_stranger_is_refused(client, them):
    sign_in(client, UserFactory())
    assert client.get(url("page", them.book())).status_code == 403


def test_the_occupants_organisation_reads_it_under_its_hat(client, them):
    one = them.book()
    membership = MembershipFactory(role=MembershipRole.MEMBER)
    one.organization = membership.organization
    one.save()
    sign_in(client, membership.user)
    assert client.get(url("page", one)).status_code == 403
    sign_in(client, membership.user, membership)
    assert "Annuler la demande" in read(client, one)


def test_who_left_the_organisation_no_longer_holds_its_booking(client, them):
    membership = MembershipFactory(user=them.occupant.user, role=MembershipRole.MEMBER)
    one = them.book()
    one.organization = membership.organization
    one.save()
    sign_in(client, them.occupant.user)
    assert one.reference in client.get(reverse("booking:mine")).content.decode()
    assert "Annuler la demande" in read(client, one)
    leave(actor=Actor(membership.user, membership), membership=membership)
    assert one.reference not in client.get(reverse("booking:mine")).content.decode()
    assert client.get(url("page", one)).status_code == 403
    assert client.post(url("cancel", one)).status_code == 403


@pytest.mark.parametrize("role", list(PlaceRoleKind))
def test_those_who_run_the_place_read_it(client, them, role):
    one = them.book()
    given = PlaceRoleFactory(place=them.space.place, role=role)
    sign_in(client, given.user)
    assert one.purpose in read(client, one)


def test_an_unknown_reference(client, them):
    sign_in(client, them.occupant.user)
    assert client.get("/reservations/XXXX-XXXX/").status_code == 404


def test_references_are_read_in_any_case(occupant_page, them):
    one = them.book()
    assert occupant_page.get(f"/reservations/{one.reference.lower()}/").status_code == 200


# --- What it says


def test_it_says_who_must_act_and_by_when(occupant_page, them):
    page = read(occupant_page, them.book())
    assert f"{them.space.place.owner} répond au plus tard" in page
    assert "En attente de réponse" in page


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (lambda one, who: requests.accept(one, actor=who), "Confirmée"),
        (lambda one, who: requests.refuse(one, "Salle en travaux", actor=who), "Salle en travaux"),
        (lambda one, who: requests.ask_change(one, "Finissez à 22 h", actor=who), "Finissez à 22"),
        (
            lambda one, who: requests.cancel(one, "Dégât des eaux", side=Side.MANAGER, actor=who),
            "Dégât des eaux",
        ),
    ],
)
def test_it_says_what_the_manager_did_and_why(occupant_page, them, act, said):
    one = them.book()
    act(one, them.manager)
    assert said in read(occupant_page, one)


def test_its_history_names_sides(occupant_page, them):
    one = them.book(confirmed=True)
    page = read(occupant_page, one)
    assert "Demande envoyée, par vous" in page
    assert f"Demande acceptée, par {them.space.place.owner}" in page


def test_it_asks_few_questions(occupant_page, them, django_assert_max_num_queries):
    one = them.book(confirmed=True)
    read(occupant_page, one)
    with django_assert_max_num_queries(18):
        read(occupant_page, one)


# --- Amend


def amended(one, **typed):
    period, zone = one.period, one.place.zone
    slot = {
        "jour": period.start.astimezone(zone).date().isoformat(),
        "de": f"{period.start.astimezone(zone):%H:%M}",
        "a": f"{period.end.astimezone(zone):%H:%M}",
    }
    return TYPED | slot | typed


def test_the_occupant_amends_a_request(occupant_page, them):
    one = them.book()
    assert "Envoyer la demande modifiée" in read(occupant_page, one, "amend")
    answer = occupant_page.post(url("amend", one), amended(one, purpose="Concert", a="21:00"))
    assert answer.url == url("page", one)
    one.refresh_from_db()
    assert one.purpose == "Concert"
    assert one.period.minutes == 180


def test_amending_answers_the_managers_question(occupant_page, them):
    one = them.book()
    requests.ask_change(one, "Moins de monde, s’il vous plaît", actor=them.manager)
    assert "Moins de monde" in read(occupant_page, one, "amend")
    occupant_page.post(url("amend", one), amended(one, attendance="8"))
    one.refresh_from_db()
    assert one.state == BookingState.REQUESTED


def test_amending_to_a_taken_slot_keeps_the_request_and_offers_others(occupant_page, them):
    one = them.book()
    booking(them.space, start=20, end=22)
    page = occupant_page.post(url("amend", one), amended(one, a="21:00")).content.decode()
    assert "Créneaux libres les plus proches" in page
    one.refresh_from_db()
    assert one.period.minutes == 120


def test_amending_twice_the_same_tells_once(them):
    one = them.book()
    requests.amend(one, details(purpose="Concert"), actor=them.occupant)
    changed = one.__class__.objects.get(pk=one.pk)
    requests.amend(changed, details(purpose="Concert"), actor=them.occupant)
    from preau.notifications.models import Email

    assert Email.objects.filter(cause__contains=":modifiee:").count() == 2  # one for each side


def test_an_answered_request_is_no_longer_amended(occupant_page, them):
    one = them.book(confirmed=True)
    assert occupant_page.get(url("amend", one)).url == url("page", one)
    assert occupant_page.post(url("amend", one), amended(one)).url == url("page", one)


# --- Cancel


def test_cancelling_asks_first(occupant_page, them):
    one = them.book(confirmed=True)
    assert "On ne peut pas revenir en arrière" in read(occupant_page, one, "cancel")
    one.refresh_from_db()
    assert one.state == BookingState.CONFIRMED


def test_cancelling_frees_the_slot_and_twice_is_harmless(occupant_page, them):
    one = them.book(confirmed=True)
    for _ in range(2):
        answer = occupant_page.post(url("cancel", one), {"reason": "Malade"})
        assert answer.url == url("page", one)
    one.refresh_from_db()
    assert (one.state, one.ended_by_side) == (BookingState.CANCELLED, Side.OCCUPANT)
    assert booking(them.space).state == BookingState.REQUESTED


def test_a_past_booking_is_not_cancelled(occupant_page, them):
    one = them.book(confirmed=True)
    with clock.frozen(one.period.end + timedelta(hours=1)):
        page = occupant_page.post(url("cancel", one), {"reason": ""}, follow=True).content.decode()
        assert "ne peut plus être annulée" in page


def test_the_manager_does_not_cancel_as_occupant(client, them):
    sign_in(client, them.manager.user, them.manager.membership)
    assert client.get(url("cancel", them.book())).status_code == 403


# --- Conversation, calendar


def test_both_sides_write(client, them):
    one = them.book()
    for who, text in [(them.occupant, "Y a-t-il un piano ?"), (them.manager, "Oui, accordé.")]:
        sign_in(client, who.user, who.membership)
        client.post(url("write", one), {"body": text, "token": str(uuid.uuid4())})
        assert text in read(client, one)
    assert Message.objects.count() == 2


def test_an_empty_message_is_said(occupant_page, them):
    one = them.book()
    page = occupant_page.post(url("write", one), {"body": " ", "token": str(uuid.uuid4())})
    assert "Écrivez votre message" in page.content.decode()


def test_a_caretaker_does_not_write(client, them):
    one = them.book()
    given = PlaceRoleFactory(place=them.space.place, role=PlaceRoleKind.CARETAKER)
    sign_in(client, given.user)
    assert client.post(url("write", one), {"body": "Bonjour"}).status_code == 403


def test_the_calendar_file_of_a_request_promises_nothing(occupant_page, them):
    content = occupant_page.get(url("calendar", them.book())).content
    event = icalendar.Calendar.from_ical(content).walk("VEVENT")[0]
    assert event["status"] == "TENTATIVE"
    assert "à confirmer" in event["summary"]


def test_the_calendar_file(occupant_page, them):
    one = them.book(confirmed=True)
    response = occupant_page.get(url("calendar", one))
    event = icalendar.Calendar.from_ical(response.content).walk("VEVENT")[0]
    assert event.decoded("dtstart") == one.period.start
    assert one.reference in event["uid"]
    assert event["status"] == "CONFIRMED"
    assert one.purpose not in response.content.decode()


# --- Mine


def test_mine_puts_first_what_i_must_do(client, them):
    sign_in(client, them.occupant.user)
    to_change = them.book(days=5)
    requests.ask_change(to_change, "Finissez plus tôt", actor=them.manager)
    them.book(days=6)
    refused = them.book(days=7)
    requests.refuse(refused, "Travaux", actor=them.manager)
    page = client.get(reverse("booking:mine")).content.decode()
    headings = [page.index(one) for one in (">À faire<", ">À venir<", ">Passées et terminées<")]
    assert headings == sorted(headings)
    assert page.index(to_change.reference) < headings[1]
    assert page.index(refused.reference) > headings[2]


def test_mine_with_nothing(client):
    sign_in(client, UserFactory())
    assert "Aucune réservation à venir" in client.get(reverse("booking:mine")).content.decode()
    assert "Rien ici" in client.get(reverse("booking:past")).content.decode()


def test_mine_under_a_hat_is_the_organisations(client, them):
    one = them.book()
    membership = MembershipFactory(user=them.occupant.user)
    sign_in(client, membership.user, membership)
    assert one.reference not in client.get(reverse("booking:mine")).content.decode()
    one.organization = membership.organization
    one.save()
    assert one.reference in client.get(reverse("booking:mine")).content.decode()


def test_mine_goes_on_page_after_page(client, them, monkeypatch):
    from preau.booking import queries

    monkeypatch.setattr(queries, "PAGE", 2)
    sign_in(client, them.occupant.user)
    made = [them.book(days=day) for day in (4, 5, 6, 7, 8)]
    seen, address = [], reverse("booking:mine")
    for _ in range(3):
        response = client.get(address)
        seen += [one.reference for one in response.context["mine"].coming]
        address = reverse("booking:mine") + response.context["more_url"]
    assert seen == [one.reference for one in made]
    for one in made:
        requests.cancel(one, "", side=Side.OCCUPANT, actor=them.occupant)
    seen, address = [], reverse("booking:past")
    for _ in range(3):
        response = client.get(address)
        seen += [one.reference for one in response.context["bookings"]]
        address = reverse("booking:past") + response.context["next_url"]
    assert seen == [one.reference for one in reversed(made)]


@pytest.mark.parametrize("query", ["?apres=x", "?apres=99999999999-1", "?apres=-", "?avant=é"])
def test_absurd_pages(client, query):
    sign_in(client, UserFactory())
    assert client.get(reverse("booking:mine") + query).status_code == 200
    assert client.get(reverse("booking:past") + query).status_code == 200


def test_mine_asks_as_much_for_many_as_for_one(
    client, them, django_assert_num_queries, django_assert_max_num_queries
):
    sign_in(client, them.occupant.user)
    them.book(days=4)
    client.get(reverse("booking:mine"))
    with django_assert_max_num_queries(12) as captured:
        client.get(reverse("booking:mine"))
    for day in range(5, 10):
        them.book(days=day)
    with django_assert_num_queries(len(captured)):
        client.get(reverse("booking:mine"))


def test_the_home_page_tells_the_occupant(client, them):
    sign_in(client, them.occupant.user)
    requests.ask_change(them.book(), "Moins tard", actor=them.manager)
    them.book(days=3, confirmed=True)
    page = client.get("/").content.decode()
    assert "à modifier" in page
    assert "Votre prochaine réservation" in page


def test_details_is_what_the_form_says():
    assert set(vars(details())) == set(Details.__annotations__)
    assert evening
