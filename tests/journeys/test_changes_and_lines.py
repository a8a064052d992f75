"""A confirmed booking is moved at its occupant's wish; its slot goes to who waited for it."""

import pytest
from django.urls import reverse

from preau.accounts.actors import Actor
from preau.booking.actions.requests import accept
from preau.booking.models import ChangeRequest
from preau.booking.tasks import sweep_waiting
from preau.pricing.models import CancellationTier
from tests.accounts.factories import UserFactory
from tests.booking.factories import booking, evening
from tests.journeys.world import letter, town
from tests.pricing.factories import tariff_for

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def house(db):
    house = town()
    tariff = tariff_for(house.room, HOUR=1000)
    CancellationTier.objects.create(tariff=tariff, hours_before=480, fee_percent=50)
    return house


def confirmed(house):
    asked = booking(house.room, actor=house.occupant)
    return accept(asked, actor=Actor(house.agent.user, house.agent))


def ask_a_longer_evening(karim, page):
    karim.go(page)
    karim.assert_accessible()
    karim.press("Demander un changement", role="link")
    karim.assert_accessible()
    karim.page.locator("#id_a").fill("21:00")
    karim.fill("Pourquoi ce changement ?", "Le concert finira plus tard.")
    karim.press("Envoyer la demande de changement")
    assert karim.page.get_by_text("Ce changement ajouterait").is_visible()
    karim.assert_accessible()
    karim.press("Envoyer la demande de changement")
    karim.assert_accessible()


@pytest.mark.parametrize("javascript", [True, False])
def test_a_change_is_asked_seen_and_made(open_visitor, house, javascript):
    agent, karim = (open_visitor(javascript=javascript) for _ in range(2))
    agent.sign_in(house.agent.user, house.agent)
    karim.sign_in(house.occupant.user)
    one = confirmed(house)
    page = reverse("booking:page", args=[one.reference])
    ask_a_longer_evening(karim, page)
    change = ChangeRequest.objects.get()
    agent.go(reverse("booking:change_refuse", args=[change.pk]))
    agent.assert_accessible()
    agent.go(page)
    agent.assert_accessible()
    agent.press("Accepter le changement")
    agent.assert_accessible()
    one.refresh_from_db()
    assert one.period == evening(house.room, start=18, end=21)
    assert one.price.total_cents == 3000
    assert letter(house.occupant.user.email, "changement est accepté")
    karim.go(reverse("booking:cancel", args=[one.reference]))
    assert karim.page.get_by_text("15,00").first.is_visible()
    karim.assert_accessible()


@pytest.mark.parametrize("javascript", [True, False])
def test_who_waits_is_offered_the_slot_and_takes_it(open_visitor, house, javascript):
    agent, lea = (open_visitor(javascript=javascript) for _ in range(2))
    agent.sign_in(house.agent.user, house.agent)
    one = confirmed(house)
    period = one.period
    asked = f"debut={period.start:%Y-%m-%dT%H:%MZ}&fin={period.end:%Y-%m-%dT%H:%MZ}"
    lea.go(f"{reverse('booking:start', args=[house.room.pk])}?{asked}")
    assert lea.page.get_by_role("link", name="Me prévenir si ce créneau se libère").is_visible()
    person = UserFactory()
    lea.sign_in(person)
    lea.go(f"{reverse('booking:wait', args=[house.room.pk])}?{asked}")
    lea.assert_accessible()
    lea.press("M’inscrire sur la liste d’attente")
    lea.assert_accessible()
    agent.go(reverse("booking:cancel_as_manager", args=[one.reference]))
    agent.fill("Pourquoi annulez-vous ?", "Le chauffage est en panne.")
    agent.press("Annuler la réservation")
    sweep_waiting(0)
    assert letter(person.email, "Le créneau que vous attendiez")
    lea.go(reverse("booking:mine"))
    lea.assert_accessible()
    lea.press("Réserver ce créneau", role="link", exact=False)
    assert lea.page.get_by_text("Ce créneau vous est proposé").is_visible()
    lea.assert_accessible()


def test_a_price_on_request_is_named_first(open_visitor, house):
    house.room.tariff_assignment.delete()
    house.room.price_from_cents = None
    house.room.save()
    agent = open_visitor()
    agent.sign_in(house.agent.user, house.agent)
    one = booking(house.room, actor=house.occupant)
    agent.go(reverse("booking:page", args=[one.reference]))
    agent.assert_accessible()
    agent.press("Accepter")
    agent.assert_accessible()
    agent.fill("Prix total, en euros", "120")
    agent.fill("Comment ce prix est-il fixé ?", "Délibération du 12 mars")
    agent.press("Fixer le prix")
    agent.press("Accepter")
    one.refresh_from_db()
    assert one.price.total_cents == 12000
