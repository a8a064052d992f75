"""The link of a letter: its facts signed out, giving the slot back, and nothing else."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from preau.accounts.enums import MembershipRole
from preau.booking import links
from preau.booking.enums import BookingState
from preau.core import audit, clock
from preau.notifications.links import sign
from preau.notifications.models import Email
from tests.accounts.factories import MembershipFactory, UserFactory, sign_in
from tests.booking.factories import details, people

pytestmark = pytest.mark.django_db


@pytest.fixture
def them():
    return people()


@pytest.fixture
def one(them):
    return them.book(typed=details(purpose="Réunion confidentielle", contact_phone="0612345678"))


def address_in(letter):
    return re.search(r"https?://[^/\s]+(/reservations/lien/\S+)", letter.text)[1]


def state_of(booking):
    booking.refresh_from_db()
    return booking.state


def test_the_letter_opens_signed_out_and_shows_little(client, them, one):
    address = address_in(Email.objects.get(recipient=them.occupant.user.email))
    page = client.get(address)
    assert page.status_code == 200
    assert one.reference in page.text
    for secret in ("confidentielle", "0612345678", "06 12", them.occupant.user.email):
        assert secret not in page.text
    assert state_of(one) == BookingState.REQUESTED


def test_managers_get_no_such_link(them, one):
    letter = Email.objects.get(recipient=them.manager.user.email)
    assert "/lien/" not in letter.text + letter.html


def test_giving_it_back_is_a_press_and_is_journaled(client, them, one):
    address = links.page_for(one, them.occupant.user)
    assert client.post(address).url == address
    assert state_of(one) == BookingState.CANCELLED
    assert "C’est annulé" in client.get(address).text
    event = audit.history(one).get(verb="booking.cancel_by_link")
    assert event.user_id == them.occupant.user_id
    client.post(address)
    assert audit.history(one).filter(verb="booking.cancelled").count() == 1


def test_who_is_signed_in_goes_to_the_whole_page(client, them, one):
    sign_in(client, them.occupant.user)
    page = client.get(links.page_for(one, them.occupant.user))
    assert page.url == reverse("booking:page", args=[one.reference])


def test_a_link_dies_with_its_time(client, them, one):
    address = links.page_for(one, them.occupant.user)
    with clock.frozen(clock.now() + timedelta(days=links.MOST_DAYS + 1)):
        assert client.get(address).status_code == client.post(address).status_code == 410
    assert state_of(one) == BookingState.REQUESTED


def test_a_link_dies_with_the_account(client, them, one):
    address = links.page_for(one, them.occupant.user)
    them.occupant.user.is_active = False
    them.occupant.user.save()
    assert client.post(address).status_code == 404
    assert state_of(one) == BookingState.REQUESTED


def test_a_link_dies_when_its_person_leaves_the_organisation(client, them, one):
    member = MembershipFactory(user=them.occupant.user, role=MembershipRole.MEMBER)
    one.organization = member.organization
    one.save()
    address = links.page_for(one, them.occupant.user)
    assert client.get(address).status_code == 200
    member.ended_at = clock.now()
    member.save()
    assert client.get(address).status_code == client.post(address).status_code == 404


def test_a_link_to_somebody_else_is_worth_nothing(client, one):
    address = links.page_for(one, UserFactory())
    assert client.post(address).status_code == 404
    other = sign("unsubscribe", {"booking": one.reference, "user": one.requester_id}, days=3)
    assert client.post(reverse("booking:by_link", args=[other])).status_code == 404


def test_a_robot_is_slowed_down(client, settings, them, one):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"act_by_link": "3/m/ip"}
    address = links.page_for(one, them.occupant.user)
    answers = [client.post(address).status_code for _ in range(5)]
    assert answers[0] == 302
    assert answers[-1] == 429
