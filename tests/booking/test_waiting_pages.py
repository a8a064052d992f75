"""Standing in line, being offered, leaving: through the pages."""

from datetime import timedelta

import pytest
from django.urls import reverse

from preau.accounts.actors import Actor
from preau.booking import tasks
from preau.booking.actions import requests, waiting
from preau.booking.actions.holds import hold_again, keep_draft
from preau.booking.enums import BookingState, Side, WaitingState
from preau.booking.models import WaitingEntry
from preau.core import clock
from preau.core.errors import Refusal
from tests.accounts.factories import UserFactory, sign_in
from tests.booking.factories import details, evening, held, people

pytestmark = pytest.mark.django_db


@pytest.fixture
def them():
    return people()


@pytest.fixture
def taken(them):
    return them.book(confirmed=True)


def asked(space):
    period = evening(space)
    return {"debut": period.start.isoformat(), "fin": period.end.isoformat(), "postes": "1"}


def offered(taken):
    """Somebody to whom the slot, once freed, is offered."""
    who = UserFactory()
    entry = waiting.join(taken.space, evening(taken.space), actor=Actor(who))
    requests.cancel(taken, "", side=Side.OCCUPANT, actor=Actor(taken.requester))
    tasks.sweep_waiting(0)
    entry.refresh_from_db()
    assert entry.state == WaitingState.OFFERED
    return entry


def mine(client):
    return client.get(reverse("booking:mine")).content.decode()


def test_a_taken_slot_offers_to_wait_and_a_free_one_does_not(client, them, taken):
    url = reverse("booking:start", args=[them.space.pk])
    page = client.get(url, asked(them.space)).content.decode()
    assert "Me prévenir si ce créneau se libère" in page
    period = evening(them.space, days=11)
    free = {"debut": period.start.isoformat(), "fin": period.end.isoformat()}
    assert "Me prévenir" not in client.get(url, free).content.decode()


def test_signed_out_one_signs_in_and_comes_back(client, them, taken):
    url = reverse("booking:wait", args=[them.space.pk])
    response = client.get(url, asked(them.space))
    assert response.status_code == 302
    assert "debut" in response.url
    sign_in(client, UserFactory())
    assert (
        "M’inscrire sur la liste d’attente" in client.get(url, asked(them.space)).content.decode()
    )


def test_one_joins_is_listed_and_leaves(client, them, taken):
    who = UserFactory()
    waiting.join(them.space, evening(them.space), actor=Actor(UserFactory()))
    sign_in(client, who)
    url = reverse("booking:wait", args=[them.space.pk])
    page = client.post(url, asked(them.space), follow=True).content.decode()
    assert "Vous êtes sur la liste d’attente" in page
    assert "1\u00a0personne avant vous" in page
    assert "déjà sur la liste" in client.post(url, asked(them.space), follow=True).content.decode()
    entry = WaitingEntry.objects.get(user=who)
    client.post(reverse("booking:leave_line", args=[entry.pk]))
    assert "Liste d’attente" not in mine(client)


def test_nobody_leaves_the_line_for_another(client, them, taken):
    entry = waiting.join(them.space, evening(them.space), actor=Actor(UserFactory()))
    sign_in(client, UserFactory())
    assert client.post(reverse("booking:leave_line", args=[entry.pk])).status_code == 403


def test_an_offer_says_until_when_and_leads_to_the_form(client, them, taken):
    entry = offered(taken)
    sign_in(client, entry.user)
    page = mine(client)
    assert "gardé pour vous jusqu’au" in page
    url = reverse("booking:details", args=[entry.offer.reference])
    assert url in page
    page = client.get(url).content.decode()
    assert "Ce créneau vous est proposé" in page
    assert "minute" not in page.split("<form")[0]


def test_filling_in_the_form_never_shortens_an_offer(client, them, taken):
    entry = offered(taken)
    who = Actor(entry.user)
    keep_draft(entry.offer, details(), actor=who)
    hold_again(entry.offer, actor=who)
    entry.offer.occupancy.refresh_from_db()
    assert entry.offer.occupancy.hold_until == entry.offered_until


def test_a_late_comer_does_not_keep_an_offer_from_the_next(them, taken):
    first = offered(taken)
    second = waiting.join(them.space, evening(them.space), actor=Actor(UserFactory()))
    with clock.frozen(first.offered_until + timedelta(seconds=5)):
        with pytest.raises(Refusal) as refusal:
            requests.submit(first.offer, details(), actor=Actor(first.user))
        assert refusal.value.code == "slot_taken"
        tasks.sweep_waiting(0)
    second.refresh_from_db()
    assert second.state == WaitingState.OFFERED


def test_the_manager_sees_how_many_wait(client, them, taken):
    waiting.join(them.space, evening(them.space), actor=Actor(UserFactory()))
    sign_in(client, them.manager.user, them.manager.membership)
    page = client.get(reverse("booking:page", args=[taken.reference])).content.decode()
    assert "1\u00a0personne attend que ce créneau se libère" in page
    page = client.get(reverse("places:detail", args=[them.space.place_id])).content.decode()
    assert "Listes d’attente" in page


def test_a_hold_taken_late_without_a_line_is_still_had(them):
    one = held(them.space, actor=them.occupant)
    with clock.frozen(clock.now() + timedelta(minutes=16)):
        one = requests.submit(one, details(), actor=them.occupant)
    assert one.state == BookingState.REQUESTED
