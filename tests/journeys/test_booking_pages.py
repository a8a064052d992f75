"""The occupant's pages, seen by a browser: each accessible, wide and narrow, with and without script."""

import pytest
from django.urls import reverse

from preau.booking.actions import requests
from preau.booking.models import Booking
from tests.booking.factories import evening, people

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def start_url(space, **times):
    period = evening(space, **times)
    start, end = period.start.isoformat(), period.end.isoformat()
    return f"{reverse('booking:start', args=[space.pk])}?debut={start}&fin={end}".replace(
        "+", "%2B"
    )


def walk(person, space):
    """From the slot to the request sent, checking every page on the way."""
    person.go(start_url(space))
    person.assert_accessible()
    person.press("Retenir ce créneau et continuer")
    person.assert_accessible()
    person.press("Continuer")
    assert person.page.locator("#erreurs").is_visible()
    person.assert_accessible()
    person.fill("Objet", "Répétition de la chorale")
    person.fill("Nombre de personnes attendues", "12")
    person.fill("Son téléphone", "04 76 00 00 00")
    person.press("Continuer")
    person.assert_accessible()
    person.page.get_by_label("J’ai lu le règlement").check(force=True)
    person.press("Envoyer la demande")
    person.assert_accessible()
    person.press("Voir la réservation", role="link")
    person.assert_accessible()
    return Booking.objects.get()


@pytest.fixture
def them():
    them = people()
    them.space.place.house_rules = "Fermez les fenêtres.\nRangez les chaises."
    them.space.place.save()
    return them


@pytest.mark.parametrize("javascript", [True, False])
def test_from_the_slot_to_the_request(open_visitor, them, javascript):
    person = open_visitor(javascript=javascript)
    person.sign_in(them.occupant.user)
    booking = walk(person, them.space)
    requests.ask_change(booking, "Finissez à 19 h 30, s’il vous plaît.", actor=them.manager)
    person.go(reverse("booking:page", args=[booking.reference]))
    person.assert_accessible()
    person.press("Modifier la demande", role="link")
    person.assert_accessible()
    person.press("Envoyer la demande modifiée")
    person.go(reverse("booking:mine"))
    person.assert_accessible()
    person.go(reverse("booking:cancel", args=[booking.reference]))
    person.assert_accessible()
    person.press("Annuler la demande")
    person.assert_accessible()
    person.go(reverse("booking:past"))
    person.assert_accessible()


def test_a_slot_already_taken(visitor, them):
    them.book()
    visitor.go(start_url(them.space))
    visitor.assert_accessible()
    visitor.leave_by(visitor.page.get_by_role("button", name="Retenir ce créneau").first)
    assert visitor.page.get_by_text("Qui êtes-vous").is_visible()
    visitor.assert_accessible()


def test_two_slots_held(visitor, them):
    for days in (3, 4, 5):
        visitor.go(start_url(them.space, days=days))
        visitor.press("Retenir ce créneau et continuer")
    assert visitor.page.get_by_role("heading", name="Vous avez déjà deux créneaux").is_visible()
    visitor.assert_accessible()
