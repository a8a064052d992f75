"""A resident books a third of a hall: the whole is taken, the other thirds are not."""

import pytest
from django.urls import reverse

from preau.availability import opening_index
from preau.booking.enums import BookingState
from preau.booking.models import Booking
from tests.booking.factories import evening
from tests.journeys.world import gym

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def hall(db, monkeypatch):
    monkeypatch.setattr(opening_index, "HORIZON", opening_index.HORIZON / 5)
    return gym()


def slot_of(space):
    period = evening(space)
    query = f"?debut={period.start.isoformat()}&fin={period.end.isoformat()}"
    return reverse("booking:start", args=[space.pk]) + query.replace("+", "%2B")


def book(nour, third):
    day = evening(third).start.astimezone(third.place.zone).date()
    nour.go(f"/trouver/?ou=Grenoble&jour={day}&debut=18:00&fin=20:00")
    nour.assert_accessible()
    nour.press(third.name, role="link")
    nour.assert_accessible()
    nour.go(slot_of(third))
    nour.press("Retenir ce créneau et continuer")
    nour.assert_accessible()
    nour.fill("Objet", "Anniversaire de Zoé")
    nour.fill("Nombre de personnes attendues", "30")
    nour.fill("Son téléphone", "06 00 00 00 00")
    nour.press("Continuer")
    nour.assert_accessible()
    nour.page.get_by_label("J’ai lu le règlement").check(force=True)
    nour.press("Confirmer la réservation")
    nour.assert_accessible()
    assert nour.page.get_by_role("heading", name="Votre réservation est confirmée").is_visible()


def say_if_free(other, space):
    other.go(slot_of(space))
    other.assert_accessible()
    return other.page.get_by_role("heading", name="Ce créneau est libre").is_visible()


@pytest.mark.parametrize("javascript", [True, False])
def test_a_third_of_the_hall(open_visitor, hall, javascript):
    nour, passer_by = (open_visitor(javascript=javascript) for _ in range(2))
    nour.sign_in(hall.resident)
    first, second, third = hall.thirds
    book(nour, first)
    assert Booking.objects.get().state == BookingState.CONFIRMED
    assert not say_if_free(passer_by, hall.hall)
    assert passer_by.page.get_by_role("button", name="Retenir ce créneau").first.is_visible()
    assert not say_if_free(passer_by, first)
    assert say_if_free(passer_by, second)
    assert say_if_free(passer_by, third)
    week = evening(first).start.astimezone(first.place.zone).date()
    passer_by.go(f"/lieux/gymnase-des-cimes/grande-halle/?semaine={week}&duree=120")
    passer_by.assert_accessible()
    assert passer_by.page.get_by_text("Occupé").first.is_visible()
    assert "Zoé" not in passer_by.page.content()
