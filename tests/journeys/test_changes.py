"""What happens after the request: a change asked and made, messages, a move, a cancellation."""

import pytest
from django.urls import reverse

from preau.booking.enums import BookingState
from tests.booking.factories import booking
from tests.journeys.world import letter, town

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def house(db):
    return town()


def ask_change(agent, page):
    agent.go(page)
    agent.assert_accessible()
    agent.press("Demander une modification", role="link")
    agent.assert_accessible()
    agent.fill("Que faut-il modifier ?", "Finissez à 19 h 30, la salle ferme.")
    agent.press("Envoyer au demandeur")
    agent.assert_accessible()


def amend(karim, page):
    karim.go(page)
    karim.assert_accessible()
    assert karim.page.get_by_text("Finissez à 19 h 30").first.is_visible()
    karim.press("Modifier la demande", role="link")
    karim.assert_accessible()
    karim.page.locator("#id_a").fill("19:30")
    karim.press("Envoyer la demande modifiée")
    karim.assert_accessible()


def say(person, page, text):
    person.go(page)
    person.fill("Votre message", text)
    person.press("Envoyer le message")
    assert person.page.get_by_text(text).is_visible()


@pytest.mark.parametrize("javascript", [True, False])
def test_a_change_is_asked_then_the_manager_cancels(open_visitor, house, javascript):
    agent, karim = (open_visitor(javascript=javascript) for _ in range(2))
    agent.sign_in(house.agent.user, house.agent)
    karim.sign_in(house.occupant.user)
    one = booking(house.room, actor=house.occupant)
    page = reverse("booking:page", args=[one.reference])
    ask_change(agent, page)
    amend(karim, page)
    one.refresh_from_db()
    assert one.state == BookingState.REQUESTED
    assert one.period.minutes == 90
    say(karim, page, "Merci de votre patience.")
    say(agent, page, "C’est bien noté.")
    agent.press("Accepter")
    agent.go(page)
    agent.assert_accessible()
    agent.press("Annuler cette réservation", role="link")
    agent.assert_accessible()
    agent.fill("Pourquoi annulez-vous ?", "Le chauffage est en panne.")
    agent.press("Annuler la réservation")
    agent.assert_accessible()
    assert "chauffage" in letter(house.occupant.user.email, "est annulée").text
    karim.go(page)
    karim.assert_accessible()
    assert karim.page.get_by_text("Le chauffage est en panne.").first.is_visible()
    karim.go(reverse("booking:mine"))
    karim.assert_accessible()
