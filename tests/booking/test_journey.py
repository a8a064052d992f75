"""The occupant's way, from the slot to the request sent, through the pages."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from preau.accounts.actors import Actor
from preau.accounts.enums import MembershipRole, OrganizationKind
from preau.availability.models import Occupancy
from preau.booking import tasks
from preau.booking.actions import holds
from preau.booking.enums import BookingState
from preau.booking.models import Booking
from preau.booking.visitors import SESSION_KEY
from preau.core import clock
from preau.notifications.models import Email
from preau.places.enums import ApprovalMode, Publication
from tests.accounts.factories import (
    MembershipFactory,
    OrganizationFactory,
    UserFactory,
    sign_in,
)
from tests.availability.factories import open_space
from tests.booking.factories import bookable_space, evening, held
from tests.places.factories import PlaceFactory, pool

pytestmark = pytest.mark.django_db

TYPED = {
    "purpose": "Répétition de la chorale",
    "is_public_event": "non",
    "attendance": "12",
    "contact_name": "Camille Martin",
    "contact_phone": "04 76 00 00 00",
    "remarks": "",
}


@pytest.fixture
def space():
    return bookable_space()


@pytest.fixture
def person(client):
    user = UserFactory()
    sign_in(client, user)
    return user


def asked(space, **times):
    period = evening(space, **times)
    return {"debut": period.start.isoformat(), "fin": period.end.isoformat()}


def take(client, space, **times):
    response = client.post(reverse("booking:start", args=[space.pk]), asked(space, **times))
    assert response.status_code == 302, response.content.decode()
    return Booking.objects.get(reference=response.url.split("/")[-2])


def url(name, booking):
    return reverse(f"booking:{name}", args=[booking.reference])


def fill_in(client, booking, **typed):
    return client.post(url("details", booking), TYPED | typed)


def send(client, booking):
    return client.post(url("recap", booking), {"rules": "on"})


def go_through(client, space, **times):
    booking = take(client, space, **times)
    assert fill_in(client, booking).url == url("recap", booking)
    assert send(client, booking).url == url("sent", booking)
    booking.refresh_from_db()
    return booking


# --- The way through


def test_looking_at_a_slot_holds_nothing(client, space):
    page = client.get(reverse("booking:start", args=[space.pk]), asked(space))
    assert "Ce créneau est libre" in page.content.decode()
    assert not Booking.objects.exists()
    assert not client.session.keys()


def test_a_person_asks_for_a_slot(client, space, person):
    booking = go_through(client, space)
    assert booking.state == BookingState.REQUESTED
    assert booking.requester == person
    page = client.get(url("sent", booking)).content.decode()
    assert "Votre demande est envoyée" in page
    assert space.place.owner.name in page


def test_immediate_confirmation(client, person):
    space = bookable_space(approval=ApprovalMode.IMMEDIATE)
    booking = go_through(client, space)
    assert booking.state == BookingState.CONFIRMED
    assert "confirmée" in client.get(url("sent", booking)).content.decode()


def test_a_visitor_signs_in_and_keeps_their_slot(client, space):
    booking = take(client, space)
    page = client.get(url("details", booking)).content.decode()
    assert "Qui êtes-vous" in page
    browser_key = client.session[SESSION_KEY]
    assert booking.visitor_key == browser_key
    client.post(
        reverse("account_login"), {"email": "ana@example.org", "next": url("details", booking)}
    )
    text = Email.objects.get(recipient="ana@example.org").text
    code = re.search(r"Votre code : (.+)", text)[1]
    answer = client.post(
        f"{reverse('account_confirm_login_code')}?next={url('details', booking)}", {"code": code}
    )
    assert answer.status_code == 302
    assert "purpose" in client.get(url("details", booking)).content.decode()
    assert fill_in(client, booking).url == url("recap", booking)
    assert send(client, booking).url == url("sent", booking)
    booking.refresh_from_db()
    assert booking.state == BookingState.REQUESTED
    assert booking.requester.email == "ana@example.org"


def test_another_visitor_never_sees_a_held_slot(client, space, person):
    booking = held(space)
    for name in ("details", "recap", "again", "abandon"):
        assert client.get(url(name, booking)).status_code == 404
        assert client.post(url(name, booking)).status_code == 404
    assert client.get(url("page", booking)).status_code == 404


def test_an_unpublished_space_is_not_there(client):
    space = bookable_space(publication=Publication.DRAFT)
    assert client.get(reverse("booking:start", args=[space.pk])).status_code == 404


def test_a_space_withdrawn_meanwhile_is_not_held_again(client, space, person):
    booking = take(client, space)
    fill_in(client, booking)
    lapse(booking)
    space.publication = Publication.ARCHIVED
    space.save()
    page = client.post(url("recap", booking), {"rules": "on"}, follow=True).content.decode()
    assert "n’est plus proposé à la réservation" in page
    booking.refresh_from_db()
    assert booking.state == BookingState.LAPSED


def test_looking_at_a_slot_asks_few_questions(client, space, django_assert_max_num_queries):
    address = reverse("booking:start", args=[space.pk])
    with django_assert_max_num_queries(6):
        client.get(address, asked(space))
    held(space)
    with django_assert_max_num_queries(18):
        client.get(address, asked(space))


# --- Twice, back, two tabs


def test_sent_twice_counts_once(client, space, person):
    booking = go_through(client, space)
    assert send(client, booking).url == url("sent", booking)
    assert Booking.objects.count() == 1


def test_holding_twice_gives_the_same_slot(client, space, person):
    assert take(client, space).pk == take(client, space).pk
    assert Booking.objects.count() == 1


def test_back_after_sending_leads_to_the_booking(client, space, person):
    booking = go_through(client, space)
    assert client.get(url("details", booking)).url == url("page", booking)
    assert client.get(url("recap", booking)).url == url("sent", booking)


def test_recap_before_the_details_leads_to_them(client, space, person):
    booking = take(client, space)
    assert client.get(url("recap", booking)).url == url("details", booking)


def test_the_rules_must_be_accepted(client, space, person):
    booking = take(client, space)
    fill_in(client, booking)
    page = client.post(url("recap", booking), {})
    assert "cochez cette case" in page.content.decode()
    booking.refresh_from_db()
    assert booking.state == BookingState.HELD


def test_abandoning_frees_the_slot(client, space, person):
    booking = take(client, space)
    client.post(url("abandon", booking))
    booking.refresh_from_db()
    assert booking.state == BookingState.LAPSED
    assert not Occupancy.objects.filter(released_at=None).exists()


def test_a_third_slot_lists_the_two_held(client, space, person):
    take(client, space, days=3)
    take(client, space, days=4)
    response = client.post(reverse("booking:start", args=[space.pk]), asked(space, days=5))
    page = client.get(response.url).content.decode()
    assert "Vous avez déjà deux créneaux retenus" in page
    first = Booking.objects.order_by("pk").first()
    answer = client.post(
        url("abandon", first), {"suite": "creneaux", "voulu": response.url.split("?")[1]}
    )
    page = client.get(answer.url).content.decode()
    assert "Reprendre le créneau voulu" in page


def test_changing_slot_keeps_what_was_typed_and_frees_the_first(client, space, person):
    booking = take(client, space)
    fill_in(client, booking)
    response = client.post(
        reverse("booking:start", args=[space.pk]),
        asked(space, start=19, end=21) | {"depuis": booking.reference},
    )
    other = Booking.objects.get(reference=response.url.split("/")[-2])
    assert other.purpose == TYPED["purpose"]
    assert Occupancy.objects.filter(released_at=None).count() == 1


@pytest.mark.parametrize(("start", "end"), [(19, 21), (18, 20), (18, 19)])
def test_ones_own_hold_is_not_in_the_way_of_another_slot(client, space, person, start, end):
    booking = take(client, space)
    address, other = reverse("booking:start", args=[space.pk]), {"depuis": booking.reference}
    page = client.get(address, asked(space, start=start, end=end) | other).content.decode()
    assert "Ce créneau ne peut pas être réservé" not in page
    same = (start, end) == (18, 20)
    assert ("Garder ce créneau" if same else "Ce créneau est libre") in page
    held(space, start=20, end=22)  # somebody else: the hour after
    page = client.get(address, asked(space, start=19, end=21) | other).content.decode()
    assert "Ce créneau ne peut pas être réservé" in page


def test_the_page_of_a_slot_loaded_again_goes_on_with_the_hold(client, space, person):
    booking = take(client, space)  # and the answer was lost on the way
    response = client.get(reverse("booking:start", args=[space.pk]), asked(space))
    assert response.url == url("details", booking)


# --- Taken, lapsed


def test_a_slot_just_taken_offers_others_in_one_click(client, space, person):
    held(space)
    page = client.post(reverse("booking:start", args=[space.pk]), asked(space)).content.decode()
    assert "déjà pris" in page
    assert "Retenir ce créneau" in page
    assert not Booking.objects.filter(visitor_key=f"user:{person.pk}").exists()


def lapse(booking):
    with clock.frozen(clock.now() + holds.HOLD + timedelta(minutes=1)):
        tasks.clear_holds(0)
    booking.refresh_from_db()
    assert booking.state == BookingState.LAPSED


def test_a_lapsed_slot_is_held_again_when_sending(client, space, person):
    booking = take(client, space)
    fill_in(client, booking)
    lapse(booking)
    assert "encore libre" in client.get(url("recap", booking)).content.decode()
    assert send(client, booking).url == url("sent", booking)
    assert send(client, booking).url == url("sent", booking)
    booking.refresh_from_db()
    assert booking.state == BookingState.REQUESTED
    assert Occupancy.objects.filter(released_at=None).count() == 1


def test_a_lapsed_slot_is_held_again_with_the_details(client, space, person):
    booking = take(client, space)
    lapse(booking)
    assert fill_in(client, booking).url == url("recap", booking)
    booking.refresh_from_db()
    assert booking.state == BookingState.HELD


def test_a_lapsed_slot_is_held_again_by_its_button(client, space, person):
    booking = take(client, space)
    lapse(booking)
    assert "Retenir de nouveau" in client.get(url("details", booking)).content.decode()
    client.post(url("again", booking))
    booking.refresh_from_db()
    assert booking.state == BookingState.HELD


def test_a_lapsed_slot_taken_by_another_offers_others_and_loses_nothing(client, space, person):
    booking = take(client, space)
    fill_in(client, booking)
    lapse(booking)
    held(space)
    answer = send(client, booking)
    page = client.get(answer.url).content.decode()
    assert "n’est plus libre" in page
    assert "Envoyer la demande" not in page
    assert TYPED["purpose"] in page
    assert f'name="depuis" value="{booking.reference}"' in page


def test_an_overdue_hold_nobody_came_for_is_still_sent(client, space, person):
    booking = take(client, space)
    fill_in(client, booking)
    with clock.frozen(clock.now() + timedelta(minutes=20)):
        assert send(client, booking).url == url("sent", booking)
    booking.refresh_from_db()
    assert booking.state == BookingState.REQUESTED


def test_a_pool_keeps_its_number_when_held_again(client, person):
    space = pool(PlaceFactory(), 5)
    open_space(space)
    response = client.post(
        reverse("booking:start", args=[space.pk]), asked(space) | {"postes": "3"}
    )
    booking = Booking.objects.get(reference=response.url.split("/")[-2])
    fill_in(client, booking, attendance="3")
    lapse(booking)
    send(client, booking)
    booking.refresh_from_db()
    assert booking.occupancy.quantity == 3
    assert booking.occupancy.units.count() == 3


def test_more_stations_than_there_are_is_said(client, person):
    space = pool(PlaceFactory(), 2)
    open_space(space)
    page = client.get(reverse("booking:start", args=[space.pk]), asked(space) | {"postes": "9"})
    assert "Il y a 2 postes en tout" in page.content.decode()


# --- Refusals


def test_too_many_people_is_said_on_the_field_and_kept(client, space, person):
    booking = take(client, space)
    page = fill_in(client, booking, attendance="5000").content.decode()
    assert "40\xa0personnes au plus" in page
    assert 'value="5000"' in page


def test_an_unverified_organisation_prepares_but_does_not_send(client, space):
    membership = MembershipFactory(organization=OrganizationFactory(), role=MembershipRole.MEMBER)
    sign_in(client, membership.user, membership)
    booking = take(client, space)
    page = fill_in(client, booking, acting=str(membership.pk)).content.decode()
    assert "pas encore vérifiée" in page
    booking.refresh_from_db()
    assert booking.purpose == TYPED["purpose"]
    answer = send(client, booking)
    assert answer.url == url("details", booking)
    booking.refresh_from_db()
    assert booking.state == BookingState.HELD
    assert fill_in(client, booking, acting="moi").url == url("recap", booking)


def test_acting_for_an_organisation(client, space):
    membership = MembershipFactory(role=MembershipRole.MEMBER)
    sign_in(client, membership.user)
    booking = take(client, space)
    fill_in(client, booking, acting=str(membership.pk))
    send(client, booking)
    booking.refresh_from_db()
    assert booking.organization == membership.organization


def test_a_category_that_may_not_book_is_told_who_may(client, person):
    space = bookable_space(categories=["association"])
    booking = take(client, space)
    page = fill_in(client, booking).content.decode()
    assert "réservé aux catégories suivantes : associations" in page
    company = MembershipFactory(
        user=person, organization=OrganizationFactory(verified=True, kind=OrganizationKind.COMPANY)
    )
    page = fill_in(client, booking, acting=str(company.pk)).content.decode()
    assert "réservé aux catégories suivantes" in page


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("?jour=&de=18:00&a=20:00", "Indiquez une date"),
        ("?jour=30/02/2027&de=18:00&a=20:00", "Cette date n’existe pas"),
        ("?jour=0001-01-01&de=18:00&a=20:00", "trop éloignée"),
        ("?jour=9999-12-31&de=18:00&a=20:00", "trop éloignée"),
        ("?jour=2020-01-01&de=18:00&a=20:00", "Ce créneau est passé"),
        ("?jour=2199-01-01&de=18:00&a=20:00", "jours à l’avance"),
        ("?debut=demain&fin=soir", "Indiquez une date"),
        ("?debut=2020-01-01T18:00&fin=2020-01-01T20:00", "Ce créneau est passé"),
        ("?debut=2020-01-01T18:00Z&fin=2020-01-01T20:00", "Ce créneau est passé"),
        ("?debut=9999-12-31T23:00:00Z&fin=9999-12-31T23:59:59-12:00", "date"),
        ("?jour=2026-12-01&de=18:07&a=20:00", "quart d’heure"),
        ("?jour=2026-12-01&de=xx&a=20:00", "Cette heure n’est pas lisible"),
        ("", "Quand voulez-vous venir"),
    ],
)
def test_absurd_times_get_a_sentence(client, space, query, sentence):
    page = client.get(reverse("booking:start", args=[space.pk]) + query)
    assert page.status_code == 200
    assert sentence in page.content.decode()


def test_a_night_ends_the_next_day(client, space):
    day = evening(space).start.astimezone(space.place.zone).date().isoformat()
    page = client.get(
        reverse("booking:start", args=[space.pk]), {"jour": day, "de": "22:00", "a": "01:00"}
    )
    assert "Ce créneau est libre" in page.content.decode()


@pytest.mark.parametrize("space_id", [0, 10**18, 10**30])
def test_no_such_space(client, db, space_id):
    assert client.get(f"/reservations/nouvelle/{space_id}/").status_code == 404


def test_holding_for_oneself_on_two_browsers_counts_together(space):
    actor = Actor(UserFactory())
    held(space, actor=actor, days=3)
    held(space, actor=actor, days=4)
    with pytest.raises(Exception, match="déjà deux créneaux"):
        held(space, actor=actor, days=5)
