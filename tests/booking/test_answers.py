"""The answers a manager gives."""

from datetime import timedelta

import pytest
from django.urls import reverse

from preau.accounts.enums import MembershipRole
from preau.booking.actions import requests
from preau.booking.enums import BookingState
from preau.booking.models import Booking
from preau.core import clock
from tests.accounts.factories import MembershipFactory, sign_in
from tests.booking.factories import evening, people

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


def test_accept(manager, here):
    one = here.book()
    answer = manager.post(url("accept", one), follow=True)
    one.refresh_from_db()
    assert one.state == BookingState.CONFIRMED
    assert "est acceptée" in text(answer)
    assert "Annuler cette réservation" in text(answer)
    assert manager.get(url("accept", one)).url == url("page", one)


def test_refuse_needs_a_reason(manager, here):
    one = here.book()
    assert "Refuser cette demande" in text(manager.get(url("refuse", one)))
    again = manager.post(url("refuse", one), {"reason": "   "})
    assert "Écrivez quelques mots" in text(again)
    manager.post(url("refuse", one), {"reason": "Travaux"})
    one.refresh_from_db()
    assert (one.state, one.reason) == (BookingState.REFUSED, "Travaux")


def test_ask_a_change(manager, here):
    one = here.book()
    answer = manager.post(url("ask_change", one), {"reason": "Finir à 19 h"}, follow=True)
    one.refresh_from_db()
    assert one.state == BookingState.CHANGE_ASKED
    assert "Modification demandée à l’occupant" in text(answer)
    page = text(manager.get(reverse("desk:requests"), {"etat": "a_modifier"}))
    assert one.reference.lower() in page.lower()


def test_cancel_with_a_reason(manager, here):
    one = here.book(confirmed=True)
    manager.post(url("cancel_as_manager", one), {"reason": "Dégât des eaux"})
    one.refresh_from_db()
    assert one.state == BookingState.CANCELLED


def test_reschedule(manager, here):
    one = here.book(confirmed=True)
    other = evening(here.space, days=12)
    taken = here.book(days=14)
    assert manager.get(url("reschedule", one)).status_code == 200
    day = other.start.astimezone(here.space.place.zone).date()
    data = {
        "day": day.strftime("%d/%m/%Y"),
        "start": "18:00",
        "end": "20:00",
        "reason": "Élections",
    }
    occupied = taken.period.start.astimezone(here.space.place.zone).date()
    refused = manager.post(url("reschedule", one), data | {"day": occupied.isoformat()})
    assert "vient d’être pris" in text(refused)
    assert "Élections" in text(refused)
    past = manager.post(url("reschedule", one), data | {"day": "2026-01-01"})
    assert past.status_code == 200
    manager.post(url("reschedule", one), data)
    one = Booking.objects.get(pk=one.pk)
    assert one.period == other


def test_a_second_approver_reads_what_the_first_has_done(manager, here):
    one = here.book()
    requests.refuse(one, "Travaux", actor=here.manager)
    answer = manager.post(url("accept", one), follow=True)
    assert answer.status_code == 200
    assert "a déjà reçu une réponse" in text(answer)
    assert "État actuel : refusée" in text(answer)
    late = manager.post(url("refuse", one), {"reason": "Trop tard"}, follow=True)
    assert "État actuel : refusée" in text(late)


def test_an_answer_after_the_deadline_says_that_it_expired(manager, here):
    one = here.book()
    with clock.frozen(one.answer_by + timedelta(minutes=1)):
        answer = manager.post(url("accept", one), follow=True)
        assert "le créneau est libre" in text(answer)
        assert "État actuel : sans réponse dans le délai" in text(answer)
    one.refresh_from_db()
    assert one.state == BookingState.EXPIRED


@pytest.mark.parametrize(
    ("role", "decides", "moves"),
    [
        (MembershipRole.ADMINISTRATOR, True, True),
        (MembershipRole.MANAGER, True, True),
        (MembershipRole.APPROVER, True, False),
        (MembershipRole.CARETAKER, False, False),
        (MembershipRole.MEMBER, False, False),
    ],
)
def test_who_answers(client, here, role, decides, moves):
    one = here.book()
    membership = MembershipFactory(organization=here.space.place.owner, role=role)
    sign_in(client, membership.user, membership)
    for name in ("refuse", "ask_change", "cancel_as_manager"):
        assert client.get(url(name, one)).status_code == (200 if decides else 403)
    assert client.get(url("reschedule", one)).status_code == (200 if moves else 403)
    assert client.post(url("accept", one)).status_code == (302 if decides else 403)


def test_the_occupant_does_not_answer_their_own_request(client, here):
    one = here.book()
    sign_in(client, here.occupant.user)
    assert client.post(url("accept", one)).status_code == 403
    assert "À vous de répondre" not in text(client.get(url("page", one)))
